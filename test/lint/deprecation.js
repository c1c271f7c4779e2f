const date = /\b\d{4}-\d{2}-\d{2}\b/;
const replacement = /`\w+(\.\w+)*`/;

/** Every deprecation says what to use instead, in backticks, and from which day it may be gone. */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      replacement: 'The reason does not name what to use instead, in backticks.',
      date: 'The reason has no date, as 2027-12-31, on which it may be removed.',
    },
  },
  create(context) {
    return {
      'Directive[name.value=deprecated]'(node) {
        const reason = node.arguments.find((argument) => argument.name.value === 'reason')?.value.value ?? '';
        if (!replacement.test(reason)) context.report({ node, messageId: 'replacement' });
        const day = date.exec(reason)?.[0];
        if (!day || Number.isNaN(Date.parse(day))) context.report({ node, messageId: 'date' });
      },
    };
  },
};
