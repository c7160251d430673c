import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Vendor, VendorContext } from '../../../../sandbox/kit/vendor.ts';
import { startModel } from '../../../../sandbox/model/model.ts';
import { vendorContext } from '../seed/vendor-context.ts';
import { question } from './sources.ts';

const file = join(process.env['SPECS_DIR'] ?? '../shared/specs', 'openai/openai.subset.json');
const model = 'sandbox-extractive';
const messages = [{ role: 'user', content: question }];

describe('sandbox/model against OpenAI’s OpenAPI file', () => {
  let context: VendorContext;
  let vendor: Vendor;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });

  before(async function () {
    if (!existsSync(file)) return this.skip();
    ajv.addSchema({ $id: 'openai', ...(JSON.parse(readFileSync(file, 'utf8')) as object) });
    context = vendorContext();
    vendor = await startModel(context);
  });
  after(async () => {
    await vendor?.stop();
    context?.storage.close();
  });

  const cases: [schema: string, path: string, body: object, key?: string][] = [
    ['CreateChatCompletionResponse', 'chat/completions', { model, messages }],
    ['CreateEmbeddingResponse', 'embeddings', { model: 'sandbox-embedding', input: ['a', 'b'] }],
    ['Response', 'responses', { model, input: question }],
    ['ErrorResponse', 'responses', { model, input: question, depth: 3 }],
    ['ErrorResponse', 'embeddings', {}, 'wrong'],
  ];
  for (const [schema, path, body, key = 'sandbox'] of cases) {
    it(`${path} answers a ${schema}`, async () => {
      const response = await fetch(`http://127.0.0.1:${vendor.port}/v1/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const validate = ajv.compile({ $ref: `openai#/components/schemas/${schema}` });
      assert.ok(validate(await response.json()), JSON.stringify(validate.errors, null, 1));
    });
  }
});
