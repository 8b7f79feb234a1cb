using System.Globalization;
using P2PCloud.Contracts;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>Which faults a scenario has, and so what must hold.</summary>
public enum ScenarioKind
{
    /// <summary>
    /// Crashes, restarts, leaves, joins and short outages of BOOT, as far as the proof allows each at its moment, on a network that loses
    /// nothing: every invariant holds at every moment, and no acknowledged write by quorum is lost. The other techniques have no proof:
    /// directory and group leaders crash and come back too.
    /// </summary>
    Legal,

    /// <summary>
    /// Also what makes nodes suspect each other wrongly: loss, duplication, reordering, partitions, pauses, slow nodes, clock skew, long
    /// outages of BOOT, crashes that the proof does not allow. Invariants may break meanwhile; the ring must be ideal again afterwards.
    /// </summary>
    Faulty,

    /// <summary>
    /// Joins and graceful leaves only. Chord: no lookup fails, and each key is a linearizable register with compare-and-set. Napster and
    /// KaZaA: every search finds what every live peer has shared before it.
    /// </summary>
    Calm,

    /// <summary>Chord only. Some nodes name wrong successors: every lookup ends within its deadline, whatever its answer.</summary>
    Byzantine,
}

/// <summary>A mistake that nodes make on purpose, to show that the checks find it. Chord's: protocols.md 5.4.</summary>
public enum Defect
{
    /// <summary>None: the protocol.</summary>
    None,

    /// <summary>The join of 2001: a successor only, no list.</summary>
    JoinsWithSuccessorOnly,

    /// <summary>Adopts the successor's predecessor without asking it first.</summary>
    AdoptsUnchecked,

    /// <summary>notify puts a dead node in the predecessor's place.</summary>
    AcceptsDeadPredecessor,

    /// <summary>Takes keys in (predecessor, n) instead of (predecessor, n].</summary>
    OwnsOpenInterval,

    /// <summary>Answers for its keys before they are handed over.</summary>
    AnswersBeforeHandOver,

    /// <summary>Napster: the directory never ends a session by itself.</summary>
    KeepsDeadSessions,

    /// <summary>KaZaA: group leaders keep the files of children that died.</summary>
    KeepsDeadChildren,

    /// <summary>Gnutella: servents remember one descriptor only, and so handle a GUID twice.</summary>
    ForgetsDescriptors,

    /// <summary>Gnutella: servents answer every ping as if there were a link.</summary>
    AcknowledgesEveryLink,
}

/// <summary>A run of an overlay under faults. All that happens follows from these values.</summary>
public sealed record Scenario
{
    /// <summary>Chooses network, parameters, faults and operations.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>One of <see cref="Techniques.All"/>.</summary>
    public string Technique { get; init; } = Techniques.Chord;

    /// <summary>Which faults; one of <see cref="ScenarioKinds.Of"/>.</summary>
    public ScenarioKind Kind { get; init; }

    /// <summary>Peers at the start, 4 to 1000; some go and come later. In Chord one virtual node each; group leaders are further nodes.</summary>
    public int Nodes { get; init; } = 64;

    /// <summary>Simulated hours, above 0; a run ends with the quiet phase during which they are over.</summary>
    public double Hours { get; init; } = 1;

    /// <summary>What all nodes do wrong.</summary>
    public Defect Defect { get; init; }

    /// <summary>The command that repeats this run exactly; a defect is not part of it.</summary>
    public string Replay => string.Create(
        CultureInfo.InvariantCulture,
        $"p2pcloud simulate soak --technique {Technique} --seed {Seed} --kind {Kind.ToString().ToLowerInvariant()} --nodes {Nodes} --hours {Hours}");
}

/// <summary>How a <see cref="Scenario"/> went.</summary>
/// <param name="Scenario">What was run.</param>
/// <param name="Violations">Bugs: rules that had to hold and did not. The run ends at the first ones.</param>
/// <param name="BrokenAssumptions">Rules that did not hold while something happened that the proof does not cover, each with its cause.</param>
/// <param name="Faults">How often each fault was injected, by name.</param>
/// <param name="Lookups">How lookups ended.</param>
/// <param name="KeyOperations">How operations on keys ended: Chord only.</param>
/// <param name="RefusedContacts">References with a wrong id that nodes refused: Chord only.</param>
/// <param name="Simulated">Simulated time.</param>
/// <param name="Events">Inputs given to engines.</param>
/// <param name="EventLogHash">Of every event with its time: equal for equal runs.</param>
public sealed record ScenarioResult(
    Scenario Scenario,
    IReadOnlyList<Finding> Violations,
    IReadOnlyList<Finding> BrokenAssumptions,
    IReadOnlyDictionary<string, int> Faults,
    IReadOnlyDictionary<string, int> Lookups,
    IReadOnlyDictionary<string, int> KeyOperations,
    long RefusedContacts,
    TimeSpan Simulated,
    long Events,
    ulong EventLogHash)
{
    /// <summary>Whether a bug was found.</summary>
    public bool Failed => Violations.Count > 0;
}
