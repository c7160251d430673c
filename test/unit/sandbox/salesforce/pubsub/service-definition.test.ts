import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventbusMessages, eventbusMethods } from '../../../../../sandbox/salesforce/pubsub/service-definition.ts';

const specs = process.env['SPECS_DIR'] ?? '../shared/specs';
const file = join(specs, 'salesforce/pubsub/pubsub_api.proto');

/** `FetchRequest.num_requested` -> `int32 4`, `ReplayPreset.CUSTOM` -> `2`, `Subscribe` -> `stream FetchRequest > ...`. */
function readProto(text: string): Map<string, string> {
  const lines = text.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '');
  const found = new Map<string, string>();
  for (const [, kind, name, body] of lines.matchAll(/(message|enum)\s+(\w+)\s*\{([^}]*)\}/g)) {
    const pattern = kind === 'enum' ? /()(\w+)\s*=\s*(\d+);/g : /((?:repeated\s+)?\w+)\s+(\w+)\s*=\s*(\d+);/g;
    for (const [, type, field, id] of (body ?? '').matchAll(pattern)) {
      found.set(`${name}.${field}`, `${type?.replace(/\s+/g, ' ')} ${id}`.trim());
    }
  }
  for (const [, name, request, response] of lines.matchAll(/rpc\s+(\w+)\s*\(([^)]*)\)\s*returns\s*\(([^)]*)\)/g)) {
    found.set(String(name), `${request} > ${response}`);
  }
  return found;
}

function readOurs(): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, message] of Object.entries(eventbusMessages)) {
    if ('values' in message)
      for (const [key, id] of Object.entries(message.values)) found.set(`${name}.${key}`, `${id}`);
    else {
      for (const [field, { id, type, rule }] of Object.entries<{ id: number; type: string; rule?: string }>(
        message.fields,
      )) {
        found.set(`${name}.${field}`, `${rule ? `${rule} ` : ''}${type} ${id}`);
      }
    }
  }
  for (const [name, method] of Object.entries(eventbusMethods)) {
    const stream = 'requestStream' in method ? 'stream ' : '';
    found.set(name, `${stream}${method.requestType} > ${stream}${method.responseType}`);
  }
  return found;
}

describe('sandbox/salesforce/pubsub service definition', () => {
  it('has the names, types and numbers of the vendor’s proto', function () {
    if (!existsSync(file)) this.skip();
    const vendor = readProto(readFileSync(file, 'utf8'));
    const ours = readOurs();
    assert.ok(ours.size > 25);
    for (const [name, rule] of ours) assert.equal(rule, vendor.get(name), name);
    const messages = new Set([...ours.keys()].map((name) => name.split('.')[0]));
    const missing = [...vendor.keys()].filter(
      (name) => name.includes('.') && messages.has(name.split('.')[0]) && !ours.has(name),
    );
    assert.deepEqual(missing, []);
  });
});
