using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Simulation.Chord;

/// <summary>
/// What must hold of a ring at every moment, as long as failures are legal (Zave, "Reasoning about identifier spaces: how to make
/// Chord correct", IEEE TSE 2017; protocols.md 5.4), with r the length of the successor lists and N the number of live members:
/// <list type="bullet">
/// <item>OneLiveSuccessor (I1): while N &gt; 1, every member's list has a live member.</item>
/// <item>SufficientPrincipals (I2): at least r + 1 members are principals, that is, skipped by nobody's list. A ring of N &lt;= r + 1
/// members, whose lists hold all others and end before the node itself, cannot have more than N; there, and as long as the ring has
/// not had r + 1 principals yet, the next rule stands for it.</item>
/// <item>A principal remains one until it fails or leaves: no join and no repair skips it. Zave's steps are atomic at the moment of a
/// node's answer, and here the asker learns of it later: only who has been a principal for longer than a message may take is counted.</item>
/// <item>Every extended successor list is in clockwise order, without the node itself or another twice, and has at most r successors.</item>
/// <item>There is one ring of first live successors, it is in the order of ids, and every other member reaches it.</item>
/// </list>
/// While the first members join (a ring of one has an empty list, which Zave's proof does not start from) only the rule on lists is
/// checked: see <see cref="Formed"/>.
/// </summary>
/// <param name="ring">The state of all live members, kept up to date.</param>
/// <param name="answerTime">The longest time between an answer and the moment when the asker acts on it.</param>
public sealed class RingInvariants(RingView ring, TimeSpan answerTime)
{
    private Dictionary<NodeId, TimeSpan> _principals = [];
    private bool _sufficient;

    /// <summary>True from the first ideal state on. Set by who runs the ring.</summary>
    public bool Formed { get; private set; }

    /// <summary>Checks from now on the rules that hold once a ring has formed; members skipped now are not missed as principals.</summary>
    public void Form(TimeSpan now)
    {
        Formed = true;
        _principals = Principals().ToDictionary(id => id, _ => now - answerTime);
        _sufficient = _principals.Count > ring.ListLength;
    }

    /// <summary>The ring has been broken by something that the proof does not cover: begins again at the next <see cref="Form"/>.</summary>
    public void Suspend() => Formed = false;

    /// <summary>Which rules do not hold now.</summary>
    /// <param name="now">Simulated time, not earlier than at the check before.</param>
    /// <returns>Node, or null for the ring, and rule.</returns>
    public IEnumerable<(string? Node, string Rule)> Check(TimeSpan now)
    {
        List<(string? Node, string Rule)> broken = [.. ring.Members.SelectMany(Lists)];
        if (Formed)
        {
            broken.AddRange(CheckPrincipals(now));
            broken.AddRange(CheckRing());
        }

        return broken;
    }

    /// <summary>
    /// Why a failure of these members at this moment would not be legal (Zave's precondition of fail); null when it is. An answer that is
    /// under way counts as received: a list that its asker will follow must not be dead either.
    /// </summary>
    /// <param name="failing">Live members; the failure of several at once is legal when the proof allows it one after the other.</param>
    /// <param name="now">Simulated time.</param>
    public string? WhyIllegal(IReadOnlyCollection<NodeId> failing, TimeSpan now)
    {
        if (failing.Count == 0)
        {
            return null;
        }

        var orphan = ring.Members.FirstOrDefault(member => !member.Successors
            .Take(failing.Contains(member.Self.Id) ? ring.ListLength - 1 : ring.ListLength)
            .Any(contact => ring.Contains(contact.Id) && !failing.Contains(contact.Id)));
        if (orphan is not null)
        {
            return $"it leaves no live successor in the list of {orphan.Self.Node.Name}";
        }

        var left = Principals().Count(id => !failing.Contains(id) && IsOld(id, now));
        return left > ring.ListLength ? null : $"it leaves {left} principals, fewer than r + 1 = {ring.ListLength + 1}";
    }

    private IEnumerable<NodeId> Principals()
    {
        var principals = ring.Principals();
        return ring.Members.Where((_, place) => principals[place]).Select(member => member.Self.Id);
    }

    private IEnumerable<(string?, string)> Lists(ChordSnapshot member)
    {
        var list = ring.ExtendedList(member);
        for (var i = 1; i < list.Count; i++)
        {
            var isAfter = i == 1
                ? list[1] != list[0]
                : ring.Space.Distance(list[0], list[i]) > ring.Space.Distance(list[0], list[i - 1]);
            if (!isAfter)
            {
                yield return (member.Self.Node.Name, "successor list out of order or with a node twice");
            }
        }

        if (list.Count > ring.ListLength + 1)
        {
            yield return (member.Self.Node.Name, $"successor list longer than {ring.ListLength}");
        }
    }

    private List<(string? Node, string Rule)> CheckPrincipals(TimeSpan now)
    {
        var broken = new List<(string? Node, string Rule)>();
        var principals = new Dictionary<NodeId, TimeSpan>(ring.Count);
        foreach (var id in Principals())
        {
            principals[id] = _principals.GetValueOrDefault(id, now);
        }

        foreach (var lost in _principals.Keys.Where(id => !principals.ContainsKey(id) && ring.Contains(id) && IsOld(id, now)))
        {
            broken.Add((ring.Members[ring.PlaceOf(lost)].Self.Node.Name, $"a principal is skipped by a successor list: {Skipping(lost)}"));
        }

        if (_sufficient && principals.Count <= ring.ListLength)
        {
            broken.Add((null, $"SufficientPrincipals: {principals.Count} principals, not {ring.ListLength + 1} or more"));
        }

        _sufficient |= principals.Count > ring.ListLength;
        _principals = principals;
        return broken;
    }

    private string Skipping(NodeId lost)
    {
        var skipping = ring.Members.First(member => ring.ExtendedList(member).Zip(ring.ExtendedList(member).Skip(1))
            .Any(pair => ring.Space.IsBetween(pair.First, lost, pair.Second)));
        return $"{skipping.Self.Node.Name} has {string.Join(' ', skipping.Successors.Select(contact => contact.Node.Name))}";
    }

    private bool IsOld(NodeId principal, TimeSpan now) => _principals.TryGetValue(principal, out var since) && now - since >= answerTime;

    private IEnumerable<(string? Node, string Rule)> CheckRing()
    {
        var next = new int[ring.Count];
        for (var place = 0; place < next.Length; place++)
        {
            next[place] = FirstLive(ring.Members[place]);
            if (next[place] < 0)
            {
                yield return (ring.Members[place].Self.Node.Name, "OneLiveSuccessor: no live member in the successor list");
            }
        }

        var rings = Cycles(next);
        if (rings.Count != 1 && next.Length > 0)
        {
            yield return (null, rings.Count == 0 ? "AtLeastOneRing: there is none" : $"AtMostOneRing: there are {rings.Count}");
        }

        foreach (var turn in rings.Where(turn => !IsOrdered(turn)))
        {
            yield return (ring.Members[turn[0]].Self.Node.Name, $"OrderedRing: the ring of {turn.Count} members is not in the order of ids");
        }
    }

    /// <summary>Itself when it is the only member; -1 when there is none.</summary>
    private int FirstLive(ChordSnapshot member)
    {
        foreach (var contact in member.Successors)
        {
            if (ring.PlaceOf(contact.Id) is var place && place >= 0)
            {
                return place;
            }
        }

        return ring.Count == 1 ? 0 : -1;
    }

    private static List<List<int>> Cycles(int[] next)
    {
        var cycles = new List<List<int>>();
        var visit = new int[next.Length];
        for (var start = 0; start < next.Length; start++)
        {
            var place = start;
            while (place >= 0 && visit[place] == 0)
            {
                visit[place] = start + 1;
                place = next[place];
            }

            if (place >= 0 && visit[place] == start + 1)
            {
                var cycle = new List<int>();
                for (; visit[place] != -1; place = next[place])
                {
                    visit[place] = -1;
                    cycle.Add(place);
                }

                cycles.Add(cycle);
            }
        }

        return cycles;
    }

    private static bool IsOrdered(List<int> cycle) =>
        cycle.Where((place, i) => cycle[(i + 1) % cycle.Count] <= place).Count() == 1;
}
