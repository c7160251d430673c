import title from '@salesforce/label/c.Rapport_Title';
import loading from '@salesforce/label/c.Rapport_Loading';
import unreachable from '@salesforce/label/c.Rapport_Unreachable';
import retry from '@salesforce/label/c.Rapport_Retry';
import notConnected from '@salesforce/label/c.Rapport_NotConnected';
import notSynced from '@salesforce/label/c.Rapport_NotSynced';
import noPermission from '@salesforce/label/c.Rapport_NoPermission';
import notSet from '@salesforce/label/c.Rapport_NotSet';
import otherSide from '@salesforce/label/c.Rapport_OtherSide';
import pending from '@salesforce/label/c.Rapport_Pending';
import unmatched from '@salesforce/label/c.Rapport_Unmatched';
import lastTouch from '@salesforce/label/c.Rapport_LastTouch';
import syncedAt from '@salesforce/label/c.Rapport_SyncedAt';
import neverSynced from '@salesforce/label/c.Rapport_NeverSynced';
import lag from '@salesforce/label/c.Rapport_Lag';
import parked from '@salesforce/label/c.Rapport_Parked';
import wholeDeal from '@salesforce/label/c.Rapport_WholeDeal';
import changes from '@salesforce/label/c.Rapport_Changes';
import noChanges from '@salesforce/label/c.Rapport_NoChanges';
import changedFrom from '@salesforce/label/c.Rapport_ChangedFrom';
import changedTo from '@salesforce/label/c.Rapport_ChangedTo';
import empty from '@salesforce/label/c.Rapport_Empty';
import rewritten from '@salesforce/label/c.Rapport_Rewritten';
import someone from '@salesforce/label/c.Rapport_Someone';
import automation from '@salesforce/label/c.Rapport_Automation';
import by from '@salesforce/label/c.Rapport_By';
import byAutomation from '@salesforce/label/c.Rapport_ByAutomation';
import research from '@salesforce/label/c.Rapport_Research';
import noResearch from '@salesforce/label/c.Rapport_NoResearch';
import progress from '@salesforce/label/c.Rapport_Progress';
import observing from '@salesforce/label/c.Rapport_Observing';
import runHeld from '@salesforce/label/c.Rapport_RunHeld';
import runStartedAt from '@salesforce/label/c.Rapport_RunStartedAt';
import runFinishedAt from '@salesforce/label/c.Rapport_RunFinishedAt';
import startResearch from '@salesforce/label/c.Rapport_StartResearch';
import starting from '@salesforce/label/c.Rapport_Starting';
import brief from '@salesforce/label/c.Rapport_Brief';
import noBrief from '@salesforce/label/c.Rapport_NoBrief';
import generated from '@salesforce/label/c.Rapport_Generated';
import generatedNote from '@salesforce/label/c.Rapport_GeneratedNote';
import whatTheyDo from '@salesforce/label/c.Rapport_WhatTheyDo';
import competitors from '@salesforce/label/c.Rapport_Competitors';
import talkingPoints from '@salesforce/label/c.Rapport_TalkingPoints';
import social from '@salesforce/label/c.Rapport_Social';
import followers from '@salesforce/label/c.Rapport_Followers';
import posts from '@salesforce/label/c.Rapport_Posts';
import unavailable from '@salesforce/label/c.Rapport_Unavailable';
import sources from '@salesforce/label/c.Rapport_Sources';
import source from '@salesforce/label/c.Rapport_Source';
import sourceOf from '@salesforce/label/c.Rapport_SourceOf';

/** The texts of the components, in the language of the user. `{0}`, `{1}` are places for values: see `fill`. */
export const labels = {
  title,
  loading,
  unreachable,
  retry,
  notConnected,
  notSynced,
  noPermission,
  notSet,
  otherSide,
  pending,
  unmatched,
  lastTouch,
  syncedAt,
  neverSynced,
  lag,
  parked,
  wholeDeal,
  changes,
  noChanges,
  changedFrom,
  changedTo,
  empty,
  rewritten,
  someone,
  automation,
  by,
  byAutomation,
  research,
  noResearch,
  progress,
  observing,
  runHeld,
  runStartedAt,
  runFinishedAt,
  startResearch,
  starting,
  brief,
  noBrief,
  generated,
  generatedNote,
  whatTheyDo,
  competitors,
  talkingPoints,
  social,
  followers,
  posts,
  unavailable,
  sources,
  source,
  sourceOf,
};

/** Puts values into the places of a text: `fill('In {0}', 'HubSpot')` is `In HubSpot`. */
export function fill(text: string, ...values: (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
}
