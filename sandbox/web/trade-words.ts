import type { Industry } from '../seed/brands.ts';

/** What firms of a trade say of themselves. Each `does` completes "Northwind ...", each `niche` names what rivals fight over. */
export interface TradeWords {
  trade: string;
  does: { does: string; niche: string }[];
  products: string[];
  challenges: string[];
  plans: string[];
}

export const tradeWords: Record<Industry, TradeWords> = {
  Transportation: {
    trade: 'freight and logistics',
    does: [
      { does: 'moves refrigerated goods between ports and inland depots', niche: 'refrigerated freight' },
      { does: 'runs overnight parcel lines between mid-sized cities', niche: 'overnight parcels' },
      { does: 'operates a fleet of low-emission trucks for retailers', niche: 'retail distribution' },
      { does: 'provides customs clearance and bonded storage for importers', niche: 'customs clearance' },
      { does: 'runs rail freight shuttles for the steel and paper trades', niche: 'rail freight shuttles' },
      { does: 'offers chartered transport for oversized machinery', niche: 'heavy transport' },
    ],
    products: ['ColdLane', 'PortDirect', 'DepotWatch', 'RouteDesk', 'NightLine', 'ClearPass'],
    challenges: [
      'a shortage of drivers',
      'rising costs for fuel',
      'delays at two border crossings',
      'pressure from customers to report emissions',
    ],
    plans: [
      'electrify a third of its trucks',
      'replace its paper-based customs files',
      'track every pallet in real time',
      'open a second depot for chilled goods',
    ],
  },
  Manufacturing: {
    trade: 'industrial manufacturing',
    does: [
      { does: 'makes precision bearings for wind turbines and pumps', niche: 'precision bearings' },
      { does: 'builds stamping tools for the automotive trade', niche: 'stamping tools' },
      { does: 'makes cast housings for compressors and gearboxes', niche: 'cast housings' },
      { does: 'designs filling machines for food and drink plants', niche: 'filling machines' },
      { does: 'makes injection-moulded parts for medical devices', niche: 'moulded medical parts' },
      { does: 'builds conveyor systems for warehouses and mines', niche: 'conveyor systems' },
    ],
    products: ['TrueSpin', 'LineMaster', 'CastOne', 'FillPro', 'MouldTrace', 'BeltWorks'],
    challenges: [
      'a shortage of skilled machinists',
      'rising costs for electricity',
      'a recall of one gearbox series',
      'delays in deliveries of special steel',
    ],
    plans: [
      'predict machine failures before they stop a line',
      'trace every part to its melt',
      'cut scrap by a fifth',
      'sell spare parts online',
    ],
  },
  Healthcare: {
    trade: 'health care',
    does: [
      { does: 'runs outpatient clinics with shared diagnostics', niche: 'outpatient clinics' },
      { does: 'provides laboratory tests for family doctors', niche: 'laboratory testing' },
      { does: 'operates imaging centres for radiologists', niche: 'medical imaging' },
      { does: 'offers home visits by nurses through a mobile app', niche: 'home nursing' },
      { does: 'runs a chain of dental practices', niche: 'dental practices' },
      { does: 'provides pharmacy supply to hospitals', niche: 'hospital pharmacy supply' },
    ],
    products: ['CareLine', 'LabSwift', 'ScanShare', 'NurseNow', 'SmilePlan', 'DoseTrack'],
    challenges: [
      'a shortage of nurses',
      'long delays for first appointments',
      'complaints about its booking hotline',
      'pressure on tariffs by insurers',
    ],
    plans: [
      'let patients book in under a minute',
      'share images between sites without discs',
      'cut missed appointments by half',
      'open four practices a year',
    ],
  },
  Energy: {
    trade: 'energy',
    does: [
      { does: 'builds and operates onshore wind parks', niche: 'onshore wind' },
      { does: 'runs battery storage for grid operators', niche: 'grid storage' },
      { does: 'provides district heating from waste heat', niche: 'district heating' },
      { does: 'develops rooftop solar plants for industry', niche: 'rooftop solar' },
      { does: 'operates hydropower plants and their weirs', niche: 'hydropower' },
      { does: 'provides metering and billing for municipal utilities', niche: 'metering services' },
    ],
    products: ['GridKeeper', 'SunDeck', 'HeatLoop', 'StoreShift', 'FlowWatch', 'MeterPoint'],
    challenges: [
      'delays in grid connections',
      'rising costs for copper',
      'a lawsuit by two municipalities',
      'a shortage of certified electricians',
    ],
    plans: [
      'forecast generation by the quarter hour',
      'double its storage capacity',
      'schedule field crews from one desk',
      'read all meters remotely',
    ],
  },
  Technology: {
    trade: 'business software',
    does: [
      { does: 'develops billing software for subscription firms', niche: 'subscription billing' },
      { does: 'provides document search for law firms', niche: 'document search' },
      { does: 'builds warehouse robots and the software that steers them', niche: 'warehouse robots' },
      { does: 'runs a monitoring service for connected sensors', niche: 'sensor monitoring' },
      { does: 'develops accounting software for small businesses', niche: 'small-business accounting' },
      { does: 'offers design and hosting of online shops', niche: 'online shops' },
    ],
    products: ['PayCycle', 'BriefFinder', 'ShelfBot', 'SensorHub', 'LedgerLight', 'ShopFrame'],
    challenges: [
      'an outage of nine hours in spring',
      'a decline in new trial accounts',
      'pressure on prices by larger suites',
      'delays in its security certification',
    ],
    plans: [
      'reach a security certification this year',
      'answer support requests within an hour',
      'bill by usage',
      'open its interfaces to partners',
    ],
  },
};

export const leaders = [
  'Marit Halvorsen',
  'Tomasz Wrona',
  'Beatriz Salgado',
  'Aiko Mori',
  'Frederick Ashby',
  'Nadia Rahman',
  'Luc Perrault',
  'Katarina Holm',
  'Samuel Adjei',
  'Eleni Markou',
  'Henrik Lund',
  'Rosa Quintana',
  'Dario Conti',
  'Ilse Baumann',
  'Kwame Mensah',
  'Yara Haddad',
  'Peter Lindqvist',
  'Mei Tan',
];
