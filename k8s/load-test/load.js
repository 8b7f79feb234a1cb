// Lookups by all four techniques against the gateway, at a constant rate, on files that it shares first and removes at the end; k6
// fails when a threshold is crossed. On a machine: k6 run -e GATEWAY=http://localhost:8080 k8s/load-test/load.js
import http from 'k6/http';
import { check, fail } from 'k6';
import { Counter } from 'k6/metrics';

const gateway = __ENV.GATEWAY || 'http://localhost:8080';
const rate = Number(__ENV.RATE || 20);
const duration = __ENV.DURATION || '1m';
const techniques = ['napster', 'gnutella', 'kazaa', 'chord'];
const files = 20;
const missed = new Counter('p2p_lookups_missed');

export const options = {
  scenarios: {
    lookups: { executor: 'constant-arrival-rate', rate, timeUnit: '1s', duration, preAllocatedVUs: rate * 2, maxVUs: rate * 20 },
  },
  thresholds: {
    'http_req_failed{scenario:lookups}': ['rate<0.01'],
    'checks{scenario:lookups}': ['rate>0.99'],
    'http_req_duration{technique:napster}': ['p(95)<500'],
    'http_req_duration{technique:chord}': ['p(95)<1000'],
    'http_req_duration{technique:kazaa}': ['p(95)<2000'],
    'http_req_duration{technique:gnutella}': ['p(95)<3000'],
    dropped_iterations: ['count<10'],
  },
};

const nameOf = (number) => `k6 load number${number}.txt`;

// The content ids of the files, for teardown.
export function setup() {
  const shared = [];
  for (let number = 0; number < files; number++) {
    const answer = http.put(`${gateway}/api/v1/files?name=${encodeURIComponent(nameOf(number))}`, `k6 shares ${number}\n`);
    if (answer.status !== 201) {
      fail(`sharing file ${number} answered ${answer.status}: ${answer.body}`);
    }
    shared.push(answer.json('contentId'));
  }
  return shared;
}

export default function () {
  const technique = techniques[Math.floor(Math.random() * techniques.length)];
  const number = Math.floor(Math.random() * files);
  const url = `${gateway}/api/v1/lookups?q=${encodeURIComponent(`k6 load number${number}`)}&technique=${technique}`;
  const answer = http.get(url, { tags: { technique, name: `lookup ${technique}` } });
  const found = check(answer, {
    'answered 200': (it) => it.status === 200,
    'found the file': (it) => it.status === 200 && it.json('matches').length > 0,
  });
  if (!found) {
    missed.add(1, { technique });
  }
}

// Stops sharing at every provider. What another run has removed already is gone as well.
export function teardown(shared) {
  for (const contentId of shared) {
    const answer = http.del(`${gateway}/api/v1/files/${contentId}`);
    if (answer.status !== 204 && answer.status !== 404) {
      console.error(`file ${contentId} is shared still: ${answer.status}: ${answer.body}`);
    }
  }
}
