import sync_in_sync from '@salesforce/label/c.Rapport_Sync_in_sync';
import sync_behind from '@salesforce/label/c.Rapport_Sync_behind';
import sync_parked from '@salesforce/label/c.Rapport_Sync_parked';
import cause_not_writable from '@salesforce/label/c.Rapport_Cause_not_writable';
import cause_not_accepted from '@salesforce/label/c.Rapport_Cause_not_accepted';
import cause_mass_delete from '@salesforce/label/c.Rapport_Cause_mass_delete';
import cause_merged_elsewhere from '@salesforce/label/c.Rapport_Cause_merged_elsewhere';
import cause_missing_parent from '@salesforce/label/c.Rapport_Cause_missing_parent';
import cause_unknown_option from '@salesforce/label/c.Rapport_Cause_unknown_option';
import cause_too_long from '@salesforce/label/c.Rapport_Cause_too_long';
import cause_refused from '@salesforce/label/c.Rapport_Cause_refused';
import cause_ambiguous_match from '@salesforce/label/c.Rapport_Cause_ambiguous_match';
import cause_unreadable from '@salesforce/label/c.Rapport_Cause_unreadable';
import cause_fighting from '@salesforce/label/c.Rapport_Cause_fighting';
import cause_not_granted from '@salesforce/label/c.Rapport_Cause_not_granted';
import run_queued from '@salesforce/label/c.Rapport_Run_queued';
import run_running from '@salesforce/label/c.Rapport_Run_running';
import run_waiting from '@salesforce/label/c.Rapport_Run_waiting';
import run_succeeded from '@salesforce/label/c.Rapport_Run_succeeded';
import run_failed from '@salesforce/label/c.Rapport_Run_failed';
import run_cancelled from '@salesforce/label/c.Rapport_Run_cancelled';
import step_planning from '@salesforce/label/c.Rapport_Step_planning';
import step_reading from '@salesforce/label/c.Rapport_Step_reading';
import step_searching from '@salesforce/label/c.Rapport_Step_searching';
import step_social from '@salesforce/label/c.Rapport_Step_social';
import step_writing from '@salesforce/label/c.Rapport_Step_writing';
import step_filing from '@salesforce/label/c.Rapport_Step_filing';
import vendor_hubspot from '@salesforce/label/c.Rapport_Vendor_hubspot';
import vendor_salesforce from '@salesforce/label/c.Rapport_Vendor_salesforce';
import vendor_rapport from '@salesforce/label/c.Rapport_Vendor_rapport';
import gap_owner_only from '@salesforce/label/c.Rapport_Gap_owner_only';
import gap_approved_apps_only from '@salesforce/label/c.Rapport_Gap_approved_apps_only';
import gap_not_connected from '@salesforce/label/c.Rapport_Gap_not_connected';
import gap_not_theirs from '@salesforce/label/c.Rapport_Gap_not_theirs';
import gap_not_professional from '@salesforce/label/c.Rapport_Gap_not_professional';
import gap_reconnect from '@salesforce/label/c.Rapport_Gap_reconnect';
import gap_limited from '@salesforce/label/c.Rapport_Gap_limited';
import gap_too_late from '@salesforce/label/c.Rapport_Gap_too_late';
import network_instagram from '@salesforce/label/c.Rapport_Network_instagram';
import network_facebook from '@salesforce/label/c.Rapport_Network_facebook';
import network_tiktok from '@salesforce/label/c.Rapport_Network_tiktok';
import network_linkedin from '@salesforce/label/c.Rapport_Network_linkedin';
import field_name from '@salesforce/label/c.Rapport_Field_name';
import field_amount from '@salesforce/label/c.Rapport_Field_amount';
import field_currency from '@salesforce/label/c.Rapport_Field_currency';
import field_stage from '@salesforce/label/c.Rapport_Field_stage';
import field_closeDate from '@salesforce/label/c.Rapport_Field_closeDate';
import field_nextStep from '@salesforce/label/c.Rapport_Field_nextStep';
import field_company from '@salesforce/label/c.Rapport_Field_company';
import field_contacts from '@salesforce/label/c.Rapport_Field_contacts';
import field_owner from '@salesforce/label/c.Rapport_Field_owner';
import field_description from '@salesforce/label/c.Rapport_Field_description';
import field_phone from '@salesforce/label/c.Rapport_Field_phone';
import field_domain from '@salesforce/label/c.Rapport_Field_domain';
import field_email from '@salesforce/label/c.Rapport_Field_email';
import field_firstName from '@salesforce/label/c.Rapport_Field_firstName';
import field_lastName from '@salesforce/label/c.Rapport_Field_lastName';
import field_jobTitle from '@salesforce/label/c.Rapport_Field_jobTitle';
import field_industry from '@salesforce/label/c.Rapport_Field_industry';
import field_city from '@salesforce/label/c.Rapport_Field_city';
import field_country from '@salesforce/label/c.Rapport_Field_country';
import field_researchSummary from '@salesforce/label/c.Rapport_Field_researchSummary';
import field_researchedAt from '@salesforce/label/c.Rapport_Field_researchedAt';
import stage_appointmentscheduled from '@salesforce/label/c.Rapport_Stage_appointmentscheduled';
import stage_qualifiedtobuy from '@salesforce/label/c.Rapport_Stage_qualifiedtobuy';
import stage_presentationscheduled from '@salesforce/label/c.Rapport_Stage_presentationscheduled';
import stage_decisionmakerboughtin from '@salesforce/label/c.Rapport_Stage_decisionmakerboughtin';
import stage_contractsent from '@salesforce/label/c.Rapport_Stage_contractsent';
import stage_closedwon from '@salesforce/label/c.Rapport_Stage_closedwon';
import stage_closedlost from '@salesforce/label/c.Rapport_Stage_closedlost';

type Terms = Readonly<Record<string, string>>;

const syncs: Terms = {
  in_sync: sync_in_sync,
  behind: sync_behind,
  parked: sync_parked,
};

const causes: Terms = {
  not_accepted: cause_not_accepted,
  not_writable: cause_not_writable,
  missing_parent: cause_missing_parent,
  unknown_option: cause_unknown_option,
  too_long: cause_too_long,
  refused: cause_refused,
  ambiguous_match: cause_ambiguous_match,
  unreadable: cause_unreadable,
  fighting: cause_fighting,
  not_granted: cause_not_granted,
  merged_elsewhere: cause_merged_elsewhere,
  mass_delete: cause_mass_delete,
};

const runs: Terms = {
  queued: run_queued,
  running: run_running,
  waiting: run_waiting,
  succeeded: run_succeeded,
  failed: run_failed,
  cancelled: run_cancelled,
};

const steps: Terms = {
  planning: step_planning,
  reading: step_reading,
  searching: step_searching,
  social: step_social,
  writing: step_writing,
  filing: step_filing,
};

const vendors: Terms = {
  hubspot: vendor_hubspot,
  salesforce: vendor_salesforce,
  rapport: vendor_rapport,
};

const networks: Terms = {
  instagram: network_instagram,
  facebook: network_facebook,
  tiktok: network_tiktok,
  linkedin: network_linkedin,
};

const gaps: Terms = {
  owner_only: gap_owner_only,
  approved_apps_only: gap_approved_apps_only,
  not_connected: gap_not_connected,
  not_theirs: gap_not_theirs,
  not_professional: gap_not_professional,
  reconnect: gap_reconnect,
  limited: gap_limited,
  too_late: gap_too_late,
};

const fields: Terms = {
  name: field_name,
  amount: field_amount,
  currency: field_currency,
  stage: field_stage,
  closeDate: field_closeDate,
  nextStep: field_nextStep,
  company: field_company,
  contacts: field_contacts,
  owner: field_owner,
  description: field_description,
  phone: field_phone,
  domain: field_domain,
  email: field_email,
  firstName: field_firstName,
  lastName: field_lastName,
  jobTitle: field_jobTitle,
  industry: field_industry,
  city: field_city,
  country: field_country,
  researchSummary: field_researchSummary,
  researchedAt: field_researchedAt,
};

const stages: Terms = {
  appointmentscheduled: stage_appointmentscheduled,
  qualifiedtobuy: stage_qualifiedtobuy,
  presentationscheduled: stage_presentationscheduled,
  decisionmakerboughtin: stage_decisionmakerboughtin,
  contractsent: stage_contractsent,
  closedwon: stage_closedwon,
  closedlost: stage_closedlost,
};

const terms = {
  field: fields,
  stage: stages,
  vendor: vendors,
  network: networks,
  gap: gaps,
  sync: syncs,
  cause: causes,
  run: runs,
  step: steps,
};

/** A code of the hub in words; for a code nobody named `otherwise`, which is the code itself. */
export function term(kind: keyof typeof terms, code: string, otherwise = code): string {
  return terms[kind][code] ?? otherwise;
}
