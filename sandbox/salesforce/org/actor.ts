/** On whose behalf a transaction writes. */
export interface Actor {
  userId: string;
  /** Sees and edits integration-only fields. */
  isIntegration: boolean;
  /** As change events show it; empty for a change that reads as made in the UI. */
  changeOrigin: string;
}
