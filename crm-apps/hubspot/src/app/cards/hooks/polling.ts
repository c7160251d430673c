/** A card lives in a web worker and sees no document. Frames stop while its page is hidden, so they tell. */
let framesArrive = false;

const nextFrame = (): Promise<void> =>
  new Promise((resolve) => {
    globalThis.requestAnimationFrame(() => {
      framesArrive = true;
      resolve();
    });
  });

/** Resolves once the page can be seen. Where frames have never arrived it resolves at once: better to ask than to freeze. */
const untilVisible = (): Promise<void> => {
  if (typeof globalThis.requestAnimationFrame !== 'function') return Promise.resolve();
  const frame = nextFrame();
  return framesArrive ? frame : Promise.resolve();
};

/** Calls `ask` every `interval_ms` after its last answer, never while the page is hidden. Gives the function that ends it. */
export const startPolling = (
  ask: () => Promise<void>,
  interval_ms: number,
  visible: () => Promise<void> = untilVisible,
): (() => void) => {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout>;
  const round = async (): Promise<void> => {
    await visible();
    if (stopped) return;
    await ask();
    plan();
  };
  const plan = (): void => {
    if (!stopped) timer = setTimeout(() => void round(), interval_ms);
  };
  plan();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
};
