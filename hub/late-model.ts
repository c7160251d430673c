import type { Model } from '../protocol/model.ts';

/** A model whose SDK is loaded by its first call, since no start needs it and it costs a good part of one. */
export function lateModel(label: string, load: () => Promise<Model>): Model {
  let model: Promise<Model> | undefined;
  return {
    label,
    complete: async (request) => {
      model ??= load();
      return (await model).complete(request);
    },
  };
}
