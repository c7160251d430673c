/** The publicly known firms of the sandbox: each has a web site; a world picks 40 of them as its CRM's companies. */
export interface Brand {
  /** As the firm calls itself in public. A tenant's CRM may carry a longer, legal name. */
  brand: string;
  domain: string;
  industry: Industry;
  street: string;
  city: string;
  postalCode: string;
  country: string;
  dial: string;
}

/** Values of Salesforce's standard picklist Account.Industry. */
export type Industry = 'Transportation' | 'Manufacturing' | 'Healthcare' | 'Energy' | 'Technology';

type Row = [
  brand: string,
  stem: string,
  street: string,
  city: string,
  postalCode: string,
  country: string,
  dial: string,
];

const rows: Record<Industry, Row[]> = {
  Transportation: [
    ['Northwind', 'northwind', '14 Harbour Quay', 'Rotterdam', '3011 WN', 'Netherlands', '+31 10'],
    ['Kestrel Freight', 'kestrel-freight', '220 Wharf Road', 'Baltimore', '21231', 'United States', '+1 410'],
    ['Polarlinje', 'polarlinje', 'Strandgata 9', 'Tromsø', '9008', 'Norway', '+47 77'],
    ['Øresund Cargo', 'oresund-cargo', 'Havnegade 51', 'København', '1058', 'Denmark', '+45 33'],
    ['Transportes Ibérico', 'transportes-iberico', 'Calle de Alcalá 402', 'Madrid', '28027', 'Spain', '+34 91'],
    ['Blaue Spedition', 'blaue-spedition', 'Am Sandtorkai 30', 'Hamburg', '20457', 'Germany', '+49 40'],
    ['Tidewater Lanes', 'tidewater-lanes', '8 Dock Street', 'Norfolk', '23510', 'United States', '+1 757'],
    ['Karpaty Trans', 'karpaty-trans', 'ul. Lwowska 18', 'Rzeszów', '35-301', 'Poland', '+48 17'],
    ['Sakura Express', 'sakura-express', '2-7-1 Minato Mirai', 'Yokohama', '220-0012', 'Japan', '+81 45'],
    [
      'Meridian Haulage',
      'meridian-haulage',
      '77 Great Western Road',
      'Bristol',
      'BS1 6QS',
      'United Kingdom',
      '+44 117',
    ],
    ['Rhônetrans', 'rhonetrans', '12 quai Perrache', 'Lyon', '69002', 'France', '+33 4'],
    ['Cascade Couriers', 'cascade-couriers', '1900 Alder Avenue', 'Portland', '97214', 'United States', '+1 503'],
  ],
  Manufacturing: [
    ['Brückner & Söhne', 'brueckner-soehne', 'Königstraße 88', 'Stuttgart', '70173', 'Germany', '+49 711'],
    ['Halden Precision', 'halden-precision', '5 Foundry Lane', 'Sheffield', 'S3 8DB', 'United Kingdom', '+44 114'],
    ['Forgeronne', 'forgeronne', '3 rue des Aciéries', 'Saint-Étienne', '42000', 'France', '+33 4'],
    ['Officine Bellandi', 'officine-bellandi', 'Via Emilia Ovest 710', 'Modena', '41123', 'Italy', '+39 059'],
    ['Lakeshore Castings', 'lakeshore-castings', '4400 Erie Street', 'Cleveland', '44114', 'United States', '+1 216'],
    ['Ştefan Metal', 'stefan-metal', 'Strada Fabricii 24', 'Cluj-Napoca', '400620', 'Romania', '+40 264'],
    ['Maquinaria Quetzal', 'maquinaria-quetzal', 'Av. Universidad 1250', 'Querétaro', '76130', 'Mexico', '+52 442'],
    ['Åkerstål', 'akerstal', 'Bruksgatan 3', 'Eskilstuna', '632 20', 'Sweden', '+46 16'],
    ['Tanaka Bearings', 'tanaka-bearings', '1-12 Sakae', 'Nagoya', '460-0008', 'Japan', '+81 52'],
    [
      'Red Mesa Tooling',
      'red-mesa-tooling',
      '610 Indian School Road',
      'Albuquerque',
      '87102',
      'United States',
      '+1 505',
    ],
    ['Škrlec Plast', 'skrlec-plast', 'Tržaška cesta 40', 'Maribor', '2000', 'Slovenia', '+386 2'],
    ['Yarra Components', 'yarra-components', '31 Kings Way', 'Melbourne', '3004', 'Australia', '+61 3'],
  ],
  Healthcare: [
    [
      'Clara Diagnostics',
      'clara-diagnostics',
      '18 Cambridge Science Park',
      'Cambridge',
      'CB4 0FQ',
      'United Kingdom',
      '+44 1223',
    ],
    ['Kliniken am See', 'kliniken-am-see', 'Seeuferweg 2', 'Konstanz', '78464', 'Germany', '+49 7531'],
    ['Sanitas Móvil', 'sanitas-movil', 'Avenida Diagonal 211', 'Barcelona', '08018', 'Spain', '+34 93'],
    ['Juniper Care', 'juniper-care', '900 Peachtree Street', 'Atlanta', '30309', 'United States', '+1 404'],
    ['Hôpital Numérique', 'hopital-numerique', '44 boulevard Voltaire', 'Paris', '75011', 'France', '+33 1'],
    ['Lumen Dental', 'lumen-dental', '67 Pitt Street', 'Sydney', '2000', 'Australia', '+61 2'],
    ['Vårdhuset', 'vardhuset', 'Sveavägen 102', 'Stockholm', '113 50', 'Sweden', '+46 8'],
    ['MediPonte', 'mediponte', 'Via Torino 61', 'Milano', '20123', 'Italy', '+39 02'],
    [
      'Riverbend Imaging',
      'riverbend-imaging',
      '2500 Nicollet Avenue',
      'Minneapolis',
      '55404',
      'United States',
      '+1 612',
    ],
    ['Saúde Aberta', 'saude-aberta', 'Rua Augusta 1480', 'São Paulo', '01304-001', 'Brazil', '+55 11'],
    ['Hartwell Pharmacy Group', 'hartwell-pharmacy', '10 College Green', 'Dublin', 'D02 XY03', 'Ireland', '+353 1'],
    ['Zdravka', 'zdravka', 'Ilica 112', 'Zagreb', '10000', 'Croatia', '+385 1'],
  ],
  Energy: [
    ['Helio Grid', 'helio-grid', '301 Congress Avenue', 'Austin', '78701', 'United States', '+1 512'],
    ['Windpark Föhr', 'windpark-foehr', 'Hafenstraße 4', 'Husum', '25813', 'Germany', '+49 4841'],
    ['Fjordkraft Teknikk', 'fjordkraft-teknikk', 'Bryggen 17', 'Bergen', '5003', 'Norway', '+47 55'],
    ['Énergie Garonne', 'energie-garonne', '9 allées Jean-Jaurès', 'Toulouse', '31000', 'France', '+33 5'],
    ['Tasman Storage', 'tasman-storage', '120 Lambton Quay', 'Wellington', '6011', 'New Zealand', '+64 4'],
    ['Volta Norte', 'volta-norte', 'Rua de Santa Catarina 330', 'Porto', '4000-443', 'Portugal', '+351 22'],
    ['Prairie Current', 'prairie-current', '715 5th Avenue SW', 'Calgary', 'T2P 2X6', 'Canada', '+1 403'],
    ['Sołtys Energia', 'soltys-energia', 'ul. Piotrkowska 150', 'Łódź', '90-063', 'Poland', '+48 42'],
    ['Ember Heat Networks', 'ember-heat', '6 Albion Place', 'Leeds', 'LS1 6JL', 'United Kingdom', '+44 113'],
    ['Desert Array', 'desert-array', '2 Sheikh Zayed Road', 'Dubai', '00000', 'United Arab Emirates', '+971 4'],
    ['Alpstrom', 'alpstrom', 'Maria-Theresien-Straße 21', 'Innsbruck', '6020', 'Austria', '+43 512'],
    ['Kaveri Solar', 'kaveri-solar', '88 Residency Road', 'Bengaluru', '560025', 'India', '+91 80'],
  ],
  Technology: [
    ['Quillbase', 'quillbase', '548 Market Street', 'San Francisco', '94104', 'United States', '+1 415'],
    ['Datenwerk Köln', 'datenwerk-koeln', 'Im Mediapark 5', 'Köln', '50670', 'Germany', '+49 221'],
    ['Pixel & Pine', 'pixel-and-pine', '25 Exchange Street', 'Portland', '04101', 'United States', '+1 207'],
    ['Nimbus Ledger', 'nimbus-ledger', '1 Canada Square', 'London', 'E14 5AB', 'United Kingdom', '+44 20'],
    ['Tietotaito', 'tietotaito', 'Mannerheimintie 12', 'Helsinki', '00100', 'Finland', '+358 9'],
    ['Cifra Logic', 'cifra-logic', 'Carrera 7 71-21', 'Bogotá', '110231', 'Colombia', '+57 601'],
    ['Ostrava Systems', 'ostrava-systems', 'Nádražní 66', 'Ostrava', '702 00', 'Czechia', '+420 596'],
    ['Lighthouse Telemetry', 'lighthouse-telemetry', '300 Water Street', 'Halifax', 'B3J 1S1', 'Canada', '+1 902'],
    ['Hanabi Robotics', 'hanabi-robotics', '3-4-8 Kasumigaseki', 'Tokyo', '100-0013', 'Japan', '+81 3'],
    ['Agora Signal', 'agora-signal', 'Ermou 40', 'Athína', '105 63', 'Greece', '+30 21'],
    ['Çınar Yazılım', 'cinar-yazilim', 'Büyükdere Caddesi 195', 'İstanbul', '34394', 'Türkiye', '+90 212'],
    ['Fathom Works', 'fathom-works', '14 Cecil Street', 'Singapore', '069536', 'Singapore', '+65 6'],
  ],
};

export const industries = Object.keys(rows) as Industry[];

export const brands: readonly Brand[] = industries.flatMap((industry) =>
  rows[industry].map(([brand, stem, street, city, postalCode, country, dial]) => {
    return { brand, domain: `${stem}.example`, industry, street, city, postalCode, country, dial };
  }),
);
