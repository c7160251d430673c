interface Stage {
  id: string;
  label: string;
  probability: string;
}

/** The sales pipeline every new portal has, with HubSpot's seven stages and their default probabilities. */
export const pipelines: readonly { id: string; label: string; stages: readonly Stage[] }[] = [
  {
    id: 'default',
    label: 'Sales Pipeline',
    stages: [
      { id: 'appointmentscheduled', label: 'Appointment Scheduled', probability: '0.2' },
      { id: 'qualifiedtobuy', label: 'Qualified To Buy', probability: '0.4' },
      { id: 'presentationscheduled', label: 'Presentation Scheduled', probability: '0.6' },
      { id: 'decisionmakerboughtin', label: 'Decision Maker Bought-In', probability: '0.8' },
      { id: 'contractsent', label: 'Contract Sent', probability: '0.9' },
      { id: 'closedwon', label: 'Closed Won', probability: '1.0' },
      { id: 'closedlost', label: 'Closed Lost', probability: '0.0' },
    ],
  },
];

export const isStage = (property: string): boolean => property === 'dealstage';

/** Stage ids of one pipeline, or of all when none is named. */
export function stageIds(pipeline: string | undefined): string[] {
  return pipelines
    .filter((one) => pipeline === undefined || one.id === pipeline)
    .flatMap((one) => one.stages.map((stage) => stage.id));
}

/** The `Pipeline` schema. A portal's default pipeline was there from the start, so its stamps are the epoch of the sandbox. */
export function renderPipeline(one: (typeof pipelines)[number], displayOrder: number): Record<string, unknown> {
  return {
    id: one.id,
    label: one.label,
    displayOrder,
    archived: false,
    createdAt: '2024-01-01T00:00:00Z',
    updatedAt: '2024-01-01T00:00:00Z',
    stages: one.stages.map((stage, order) => renderStage(stage, order)),
  };
}

export function renderStage(stage: Stage, displayOrder: number): Record<string, unknown> {
  return {
    id: stage.id,
    label: stage.label,
    displayOrder,
    archived: false,
    createdAt: '2024-01-01T00:00:00Z',
    updatedAt: '2024-01-01T00:00:00Z',
    metadata: { isClosed: String(stage.id.startsWith('closed')), probability: stage.probability },
    writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
  };
}
