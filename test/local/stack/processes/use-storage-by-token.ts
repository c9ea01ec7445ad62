/** Child process of the Azurite test: writes and reads each service as DefaultAzureCredential; prints what it read. */
import { TableClient } from '@azure/data-tables';
import { DefaultAzureCredential } from '@azure/identity';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueClient } from '@azure/storage-queue';

const [blobUrl = '', queueUrl = '', tableUrl = ''] = process.argv.slice(2);
const credential = new DefaultAzureCredential();

const container = new BlobServiceClient(blobUrl, credential).getContainerClient('proof');
await container.create();
await container.getBlockBlobClient('a').upload('blob text', 9);
const blob = (await container.getBlockBlobClient('a').downloadToBuffer()).toString();

const queue = new QueueClient(`${queueUrl}/proof`, credential);
await queue.create();
await queue.sendMessage('queue text');
const message = (await queue.receiveMessages()).receivedMessageItems[0]?.messageText;

const table = new TableClient(tableUrl, 'proof', credential);
await table.createTable();
await table.createEntity({ partitionKey: 'p', rowKey: 'r', text: 'table text' });
const { text } = await table.getEntity<{ text: string }>('p', 'r');

process.stdout.write(JSON.stringify([blob, message, text]));
