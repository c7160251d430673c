import assert from 'node:assert/strict';
import { brandOf, isNamedLike, nameKey } from '../../../../jobs/research/names.ts';

describe('jobs/research names', () => {
  it('leaves legal forms out', () => {
    const brands = {
      'Halden Precision Ltd': 'Halden Precision',
      'Lakeshore Castings, Inc.': 'Lakeshore Castings',
      'Volta Norte S.A.': 'Volta Norte',
      'Brückner & Söhne GmbH & Co. KG': 'Brückner & Söhne',
      'Zdravka Internationale Handels- und Beteiligungsgesellschaft mbH & Co. KG': 'Zdravka',
      'Group Ltd': 'Group',
      SAP: 'SAP',
    };
    for (const [name, brand] of Object.entries(brands)) assert.equal(brandOf(name, null), brand);
  });

  it('takes the words that the site is named like', () => {
    assert.equal(brandOf('Northwind Sea and Land Transport Europe', 'northwind.example'), 'Northwind');
    assert.equal(brandOf('Kestrel Freight Ltd', 'kestrel-freight.example'), 'Kestrel Freight');
    assert.equal(brandOf('Kestrel Freight Ltd', 'kf-lines.example'), 'Kestrel Freight');
  });

  it('knows a name in a domain, in either spelling of an umlaut, and nothing that only looks alike', () => {
    for (const [domain, name] of [
      ['brueckner-soehne.example', 'Brückner & Söhne'],
      ['bruckner-sohne.example', 'Brückner & Söhne'],
      ['oresund-cargo.example', 'Øresund Cargo'],
      ['shop.cinar-yazilim.example', 'Çınar Yazılım'],
      ['northwind.co.uk', 'Northwind'],
    ] as const) {
      assert.ok(isNamedLike(domain, name), domain);
    }
    for (const domain of ['northwind-support.example', 'northw1nd.example', 'wind.example', 'northwind'])
      assert.ok(!isNamedLike(domain, 'Northwind'), domain);
    assert.equal(nameKey('Northwind Group Ltd.'), nameKey('NORTHWIND'));
  });
});
