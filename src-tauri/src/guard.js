// A request with a Blob or a FormData body on a custom scheme ends WebKitGTK with a segmentation fault, or arrives empty.
// Our pages send raw bytes; this keeps a slip from taking the whole program down.
(() => {
  const refuse = (body) => {
    if (body instanceof Blob || body instanceof FormData || body instanceof ReadableStream) {
      throw new TypeError("In a window a body must be text or bytes: send `await file.arrayBuffer()`.");
    }
  };
  const { fetch } = window;
  window.fetch = async function (input, init) {
    refuse(init?.body);
    if (input instanceof Request && input.body && !init?.body) {
      // The body's kind cannot be seen any more; read whole, it is bytes.
      const bytes = await input.clone().arrayBuffer();
      return fetch.call(this, input.url, {
        method: input.method, headers: input.headers, signal: input.signal, cache: input.cache, ...init, body: bytes,
      });
    }
    return fetch.call(this, input, init);
  };
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (body) {
    refuse(body);
    return send.call(this, body);
  };
  navigator.sendBeacon = () => false;
})();
