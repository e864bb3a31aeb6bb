/** What an identity needs to use an entity: an Azure role, or the claim of a connection string. */
export const rights = {
  'receive from': { role: 'Azure Service Bus Data Receiver', claim: 'Listen' },
  'send to': { role: 'Azure Service Bus Data Sender', claim: 'Send' },
} as const;
