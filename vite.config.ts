import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  // JsSIP is CommonJS; a late first import of a deep module would reload the page in development.
  optimizeDeps: {
    include: [
      'jssip/lib/Dialog.js',
      'jssip/lib/RequestSender.js',
      'jssip/lib/SIPMessage.js',
      'jssip/lib/Transactions.js',
      'jssip/lib/UA.js',
      'jssip/lib/URI.js',
    ],
  },
  // `npm run dev`: the page from here, everything SIP and HTTP from the home server beside it.
  server: {
    proxy: {
      '/sip': { target: 'ws://127.0.0.1:8080', ws: true, changeOrigin: true },
      '/.well-known': 'http://127.0.0.1:8080',
      '/account': 'http://127.0.0.1:8080',
    },
  },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    sourcemap: false,
    outDir: 'dist',
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'server/**/*.test.ts'],
    environment: 'node',
    pool: 'threads',
    // The machine may be busy with other things; what hangs is still told.
    testTimeout: 30_000,
  },
});
