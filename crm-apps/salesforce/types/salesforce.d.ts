// Salesforce's own types. Alone in this file: declarations beside the import would become augmentations.
import '@salesforce/lightning-types';
