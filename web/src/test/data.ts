const euro = (amount: string) => ({ amount, currency: 'EUR' });

export const brand = { id: 'brd_1', name: 'Noorderhost', phone: '050 123 45 67' };

export const invoice = (number: string, status: string, dueOn: string, open: string) => ({
  id: 'inv_' + number,
  number,
  status,
  dueOn,
  openAmount: euro(open),
});

/** An account with two open invoices, two subscriptions and one package. */
export const account = {
  id: 'acc_1',
  name: 'Noordzee Bakkers B.V.',
  summary: { openAmount: euro('1330.33') },
  nextInvoice: { on: '2027-03-01', price: { includingVat: euro('196.02') } },
  invoices: {
    nodes: [
      invoice('2026-10386', 'OVERDUE', '2026-09-15', '1287.98'),
      invoice('2026-10393', 'OPEN', '2026-12-01', '42.35'),
    ],
  },
  subscriptions: {
    totalCount: 3,
    nodes: [
      {
        id: 'sub_1',
        label: 'noordzeebakkers.nl',
        status: 'ACTIVE',
        renewsOn: '2027-04-18',
        endsOn: null,
        product: { id: 'prd_1', name: 'Hosting Plus' },
      },
      {
        id: 'sub_2',
        label: 'debakkersgilde.nl',
        status: 'ENDING',
        renewsOn: '2026-12-20',
        endsOn: '2026-12-20',
        product: { id: 'prd_2', name: 'Domain name' },
      },
    ],
  },
  hostingPackages: {
    nodes: [
      {
        id: 'hst_1',
        name: 'noordzeebakkers.nl',
        limits: { diskBytes: 50e9, trafficBytes: null },
        usage: { diskBytes: 41.6e9, trafficBytes: 72.3e9 },
      },
    ],
  },
};

export const customer = { id: 'usr_1', kind: 'CUSTOMER', name: 'Marijke de Vries', account };

export const staff = { id: 'usr_9', kind: 'STAFF', name: 'Sanne Smit', account: null };
