// A Medusa configuration as its documentation gives for production: Redis for events, workflows and locks, no admin pages.
// It is copied into the folder where Medusa is installed, and takes its packages from there.
const { createRequire } = require('node:module');

const fromFolder = createRequire(__filename);
const { defineConfig } = fromFolder('@medusajs/framework/utils');
const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, SECRET: secret } = process.env;
const anywhere = 'http://127.0.0.1';

module.exports = defineConfig({
  admin: { disable: true },
  projectConfig: {
    databaseUrl,
    redisUrl,
    databaseDriverOptions: { ssl: false },
    http: {
      storeCors: anywhere,
      adminCors: anywhere,
      authCors: anywhere,
      jwtSecret: secret,
      cookieSecret: secret,
    },
  },
  modules: [
    { resolve: '@medusajs/medusa/event-bus-redis', options: { redisUrl } },
    { resolve: '@medusajs/medusa/workflow-engine-redis', options: { redis: { redisUrl } } },
    {
      resolve: '@medusajs/medusa/locking',
      options: {
        providers: [
          {
            id: 'locking-redis',
            resolve: '@medusajs/medusa/locking-redis',
            is_default: true,
            options: { redisUrl },
          },
        ],
      },
    },
  ],
});
