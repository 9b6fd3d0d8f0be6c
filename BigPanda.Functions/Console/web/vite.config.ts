import { defineConfig } from 'vite';

const bridge = process.env.BRIDGE_URL ?? 'http://localhost:7071';

export default defineConfig({
  base: '/api/console/',
  // No script or data inside the page, which its content security policy would refuse.
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0, reportCompressedSize: false },
  // `npm run dev`: the page with every change at once, against a bridge that ./run has started.
  server: { proxy: { '^/api/(?!console)': bridge, '^/_console/': bridge } },
});
