// Who has a role: given to somebody by type-ahead, and taken away.

const SORTS_OF_STAFF = {office: 'Office', crew: 'Crew', vendor: 'Vendor'};
class RolePeople {
  constructor(form) {
    this.form = form;
    this.lookup = new Lookup({
      label: 'Give this role to', hint: 'Name of somebody who works here',
      ask: (query, limit) => form.page.send('find', {query, limit}),
      choose: person => this.give(person),
      submit: typed => this.lookup.complain(`Nobody of the name “${typed}” is without this role.`),
    });
    this.heading = h('h3', {id: 'holders'});
    this.said = h('p', {className: 'said', role: 'status'});
    this.wrong = h('p', {className: 'wrong', role: 'alert'});
    this.list = h('ul', {className: 'holders'});
    this.list.setAttribute('aria-labelledby', 'holders');
    this.more = button('more-people', () => form.page.send('more'), 'Show more');
    const give = h('div', {className: 'give'}, span('name', 'Give this role to'), this.lookup.root);
    give.firstChild.ariaHidden = 'true';
    this.root = h('section', {className: 'holding', ariaLabel: 'People with this role'}, this.heading, this.list, this.more, give, this.said, this.wrong);
  }
  begin() {
    this.lookup.input.value = '';
    this.lookup.empty();
    [this.said.textContent, this.wrong.textContent] = ['', ''];
  }
  draw(role, holders, me) {
    const held = this.list.querySelector(':focus')?.dataset.resource;
    this.heading.textContent = role.people ? `${counted(role.people, 'person has', 'people have')} this role` : 'Nobody has this role yet';
    this.list.replaceChildren(...holders.map(person => this.line(person, me)));
    this.more.hidden = holders.length >= role.people;
    if (held) (this.list.querySelector(`[data-resource="${held}"]`) ?? this.lookup.input).focus({preventScroll: true});
  }
  line({id, name, kind, has_login, active}, me) {
    const login = id === me ? 'this is you' : active ? (has_login ? 'can log in' : 'no login yet') : 'disabled';
    const facts = `${SORTS_OF_STAFF[kind] ?? kind} · ${login}`;
    const take = button('take', () => this.take(id, name, me), 'Take away', {ariaLabel: `Take this role from ${name}`});
    take.dataset.resource = id;
    return h('li', {className: active ? '' : 'inactive'}, h('strong', {dir: 'auto'}, name), span('facts', facts), take);
  }
  give({id, name}) {
    const role = this.form.id;
    this.form.page.ask('give', {role, resource: id}, ({error, before}) => this.settle(role, error, [named(name), ' has this role now', ...(before ? [', instead of “', named(before), '”'] : []), '.']));
    this.lookup.begin();
  }
  take(id, name, me) {
    const role = this.form.id;
    const act = () => this.form.page.ask('take', {role, resource: id}, ({error}) => this.settle(role, error, [named(name), ' does not have this role any more.']));
    if (id !== me) return act();
    return this.form.question.ask('Take this role from yourself?', 'You may do nothing here any more then, until somebody else gives you a role: your pages close at once.', 'Take it from me', act);
  }
  settle(role, error, words) {
    if (this.form.id !== role) return;
    this.said.replaceChildren(...(error ? [] : words));
    this.wrong.textContent = error ?? '';
    (error ? this.wrong : this.said).scrollIntoView({block: 'nearest'});
  }
}
