// Imported before anything of Apollo: its libraries read these once, when they are loaded.
import { settleApolloEnvironment } from './config.ts';

settleApolloEnvironment();
