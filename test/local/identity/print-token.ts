/** Child process of the identity test: prints the claims of the token that DefaultAzureCredential gets for argv[2]. */
import { DefaultAzureCredential } from '@azure/identity';

const options = process.argv[3] ? { managedIdentityClientId: process.argv[3] } : {};
const token = await new DefaultAzureCredential(options).getToken(process.argv[2] ?? '');
process.stdout.write(JSON.stringify(token));
