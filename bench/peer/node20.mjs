// PostGraphile 5.1 asks for Node 22. All that it misses in Node 20 is this.
Promise.withResolvers ??= function withResolvers() {
  let resolve, reject;
  const promise = new this((yes, no) => { resolve = yes; reject = no; });
  return { promise, resolve, reject };
};
