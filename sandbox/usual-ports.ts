/** Where each stand-in listens unless the variable of this name says otherwise. */
export const usualPorts = {
  SANDBOX_HUBSPOT_PORT: 4010,
  SANDBOX_SALESFORCE_PORT: 4020,
  SANDBOX_PUBSUB_PORT: 4021,
  SANDBOX_MODEL_PORT: 4030,
  SANDBOX_WEB_PORT: 4040,
  SANDBOX_DESK_PORT: 4050,
} as const;
