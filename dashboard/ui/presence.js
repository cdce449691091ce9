// Who else has a thread open, in words: "Marcus is typing…, Ana is here".

function hereWords(people = []) {
  const first = ({name}) => name.split(' ')[0];
  const isAlone = person => people.filter(other => first(other) === first(person)).length === 1;
  return people.map(person => `${isAlone(person) ? first(person) : person.name} is ${person.typing ? 'typing…' : 'here'}`).join(', ');
}
