/** The records in memory keep the promises of the real ones. */
import { describeAuditLog, describeEvidenceStore } from '../adapters/records-contract.ts';
import { InMemoryAuditLog, InMemoryEvidenceStore } from './in-memory-records.ts';

describeAuditLog('the audit log in memory', () => new InMemoryAuditLog());
describeEvidenceStore('the evidence store in memory', () => new InMemoryEvidenceStore());
