// A function that calls another with the same `this` and arguments, then tells us.

/** @returns a function that behaves as `original` and calls `after` when it is done */
export const wrap = (original, after) =>
  function () {
    try {
      return original.apply(this, arguments);
    } finally {
      after();
    }
  };
