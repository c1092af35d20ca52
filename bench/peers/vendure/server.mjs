// A Vendure server as its documentation sets one up: Postgres, default strategies, its dummy payment. It is run in the folder
// where Vendure is installed and takes its packages from there.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const fromFolder = createRequire(join(process.cwd(), 'package.json'));
const { bootstrap, DefaultLogger, dummyPaymentHandler, LogLevel } = fromFolder('@vendure/core');
const database = new URL(process.env.DATABASE_URL);

await bootstrap({
  apiOptions: {
    port: Number(process.env.PORT),
    hostname: '127.0.0.1',
    adminApiPath: 'admin-api',
    shopApiPath: 'shop-api',
  },
  authOptions: {
    tokenMethod: ['bearer'],
    superadminCredentials: { identifier: 'superadmin', password: process.env.SUPERADMIN_PASSWORD },
  },
  dbConnectionOptions: {
    type: 'postgres',
    host: database.hostname,
    port: Number(database.port),
    username: database.username,
    password: database.password,
    database: database.pathname.slice(1),
    // Makes the tables of an empty database.
    synchronize: true,
    logging: false,
  },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  logger: new DefaultLogger({ level: LogLevel.Warn, timestamp: false }),
});
