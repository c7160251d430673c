import { Router } from '@koa/router';
import Koa from 'koa';
import { listen, rawBody, steering } from '../kit/http-server.ts';
import type { Vendor, VendorContext } from '../kit/vendor.ts';
import { embeddingModelName, modelName } from './answer.ts';
import { anthropicError, anthropicFailure } from './anthropic-errors.ts';
import { createMessage } from './anthropic-messages.ts';
import type { Call } from './call.ts';
import { takeFault } from './faults.ts';
import { chatCompletion } from './openai-chat.ts';
import { embed } from './openai-embeddings.ts';
import { badRequest, invalidKey, openaiError, openaiFailure } from './openai-errors.ts';
import { createResponse } from './openai-responses.ts';
import { VendorError } from './vendor-error.ts';

type VendorName = 'openai' | 'anthropic';
const validKey = 'sandbox';
const bodyLimit_bytes = 32 * 1024 * 1024;
const released = '2026-11-01T00:00:00Z';

/**
 * A language model with no model in it: OpenAI's chat completions, responses, embeddings and models, and Anthropic's messages and
 * models, on one port. It copies from the documents in the request (see `extract`); the same request gives the same text.
 * The valid API key of both is `sandbox`. Faults: see `takeFault`.
 */
export async function startModel(context: VendorContext): Promise<Vendor> {
  const app = new Koa();
  app.use(answerErrors(context));
  app.use(rawBody(bodyLimit_bytes));
  const control = steering(context, () => undefined);
  app.use(control.routes());
  app.use(authenticate);
  app.use(routes(context).routes());
  app.use((ctx) => {
    const said = `Unknown request URL: ${ctx.method} ${ctx.path}. Please check the URL for typos, or see the docs at https://platform.openai.com/docs/api-reference/.`;
    throw vendorOf(ctx) === 'openai'
      ? openaiError(404, 'invalid_request_error', said, { code: 'unknown_url' })
      : anthropicError(404, 'Not found');
  });
  const server = await listen(app, context);
  return { port: server.port, seed: () => undefined, stop: () => server.stop() };
}

function routes(context: VendorContext): Router {
  const router = new Router();
  const endpoint = (path: string, vendor: VendorName, handle: (call: Call) => void): void => {
    router.post(path, async (ctx) => {
      const fault = takeFault(context.faults, vendor, path);
      if (fault?.kind === 'timeout') return never(ctx);
      if (fault?.kind === 'status') throw failure(vendor, fault.params);
      const id = (prefix: string): string => `${prefix}${String(context.storage.next('answer')).padStart(8, '0')}`;
      handle({ ctx, body: jsonBody(ctx, vendor), id, now_s: Math.floor(context.clock.now_ms() / 1000), fault });
    });
  };
  endpoint('/v1/chat/completions', 'openai', chatCompletion);
  endpoint('/v1/responses', 'openai', createResponse);
  endpoint('/v1/embeddings', 'openai', embed);
  endpoint('/v1/messages', 'anthropic', createMessage);
  router.get('/v1/models', (ctx) => {
    ctx.body = vendorOf(ctx) === 'openai' ? openaiModels() : anthropicModels();
  });
  return router;
}

function answerErrors(context: VendorContext): Koa.Middleware {
  return async (ctx, next) => {
    const requestId = `req_${String(context.storage.next('request')).padStart(12, '0')}`;
    ctx.set(vendorOf(ctx) === 'openai' ? 'x-request-id' : 'request-id', requestId);
    try {
      await next();
    } catch (error) {
      const shown = error instanceof VendorError ? error : unexpected(ctx, error);
      ctx.status = shown.status;
      ctx.set(shown.headers);
      ctx.body = vendorOf(ctx) === 'openai' ? shown.body : { ...(shown.body as object), request_id: requestId };
    }
  };
}

/** Over the size limit the vendor refuses; anything else is a fault of the stand-in, and the log should have it. */
function unexpected(ctx: Koa.Context, error: unknown): VendorError {
  if ((error as { status?: number }).status === 413)
    return vendorOf(ctx) === 'openai' ? openaiFailure(413) : anthropicFailure(413);
  ctx.app.emit('error', error, ctx);
  return failure(vendorOf(ctx), { status: 500 });
}

async function authenticate(ctx: Koa.Context, next: Koa.Next): Promise<void> {
  const bearer = ctx.get('authorization').replace(/^Bearer /i, '');
  if (vendorOf(ctx) === 'anthropic') {
    if ((ctx.get('x-api-key') || bearer) !== validKey) throw anthropicError(401, 'invalid x-api-key');
    if (ctx.get('anthropic-version') === '') throw anthropicError(400, 'anthropic-version: header is required');
  } else {
    if (bearer === '')
      throw openaiError(
        401,
        'invalid_request_error',
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
      );
    if (bearer !== validKey) throw invalidKey(bearer);
  }
  await next();
}

function vendorOf(ctx: Koa.Context): VendorName {
  return ctx.path === '/v1/messages' || ctx.get('anthropic-version') !== '' || ctx.get('x-api-key') !== ''
    ? 'anthropic'
    : 'openai';
}

function failure(vendor: VendorName, params: Record<string, unknown>): VendorError {
  const retryAfter_s = typeof params['retryAfter_s'] === 'number' ? params['retryAfter_s'] : undefined;
  const status = typeof params['status'] === 'number' ? params['status'] : 500;
  return vendor === 'openai' ? openaiFailure(status, retryAfter_s) : anthropicFailure(status, retryAfter_s);
}

function jsonBody(ctx: Koa.Context, vendor: VendorName): unknown {
  try {
    return JSON.parse((ctx.state['raw'] as Buffer).toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw vendor === 'openai'
      ? badRequest(
          'We could not parse the JSON body of your request. (HINT: This likely means you aren’t using your HTTP library correctly.)',
        )
      : anthropicError(400, 'The request body is not valid JSON: invalid character');
  }
}

/** Keeps the connection open without a byte until the caller or the server ends it. */
function never(ctx: Koa.Context): void {
  ctx.respond = false;
}

function openaiModels(): unknown {
  const created = Date.parse(released) / 1000;
  return {
    object: 'list',
    data: [modelName, embeddingModelName].map((id) => ({ id, object: 'model', created, owned_by: 'sandbox' })),
  };
}

function anthropicModels(): unknown {
  const model = { type: 'model', id: modelName, display_name: 'Sandbox (extractive)', created_at: released };
  return { data: [model], has_more: false, first_id: modelName, last_id: modelName };
}
