import type { SocialUnavailable } from '../../protocol/job.ts';

/** What cards and components show of a research run (JSON). Every competitor and talking point names its source. */
export interface Brief {
  /** ISO, UTC. */
  createdAt: string;
  /** The shown name of the model that wrote the text. */
  model: string;
  summary: string;
  whatTheyDo: string;
  competitors: { name: string; domain: string | null; why: string; source: string }[];
  talkingPoints: { text: string; source: string }[];
  social: BriefSocial[];
  /** All pages that the model was given. */
  sources: { url: string; title: string; fetchedAt: string }[];
}

export type BriefSocial =
  | { network: string; status: 'available'; followers: number; posts: number | null; source: string }
  | SocialUnavailable;
