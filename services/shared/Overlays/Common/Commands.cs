using P2PCloud.Contracts;

namespace P2PCloud.Overlays.Common;

/// <summary>How a lookup travels. Each technique has its own modes, the first of them by default; Napster and KaZaA have one way.</summary>
public enum LookupMode
{
    /// <summary>The technique's first mode: recursive for Chord, a flood for Gnutella.</summary>
    Default,

    /// <summary>Chord: node to node; the owner answers the origin.</summary>
    Recursive,

    /// <summary>Chord: the origin asks one node after the other.</summary>
    Iterative,

    /// <summary>Gnutella: to all neighbours, up to the TTL.</summary>
    Flood,

    /// <summary>Gnutella: floods of growing TTL until there is a hit.</summary>
    ExpandingRing,

    /// <summary>Gnutella: walkers that go from a node to one random neighbour each (Lv et al., ICS 2002).</summary>
    RandomWalk,
}

/// <summary>Looks for the files whose names contain every word of the query.</summary>
/// <param name="Query">At most <see cref="SearchTerms.QueryLengthMax"/> characters, with at least one word.</param>
/// <param name="Limit">At most this many postings.</param>
/// <param name="Mode">One of the technique's.</param>
public sealed record SearchCommand(string Query, int Limit, LookupMode Mode = LookupMode.Default) : ICommand<SearchResult>;

/// <summary>What a lookup found, and what it cost.</summary>
/// <param name="LookupId">The id in its spans.</param>
/// <param name="Outcome">Whether the answer can be relied on.</param>
/// <param name="Postings">Ordered by name, content id, peer.</param>
/// <param name="Hops">First hops, each with its children below it.</param>
/// <param name="Messages">All protocol messages, replies included.</param>
public sealed record SearchResult(
    string LookupId, SearchOutcome Outcome, IReadOnlyList<Posting> Postings, IReadOnlyList<Hop> Hops, int Messages);

/// <summary>How a lookup ended.</summary>
public enum SearchOutcome
{
    /// <summary>Every node that the technique asks has answered.</summary>
    Complete,

    /// <summary>Some did not answer in time; what the others found is there.</summary>
    Partial,

    /// <summary>No answer: the overlay is not joined, or the index is not reachable.</summary>
    Failed,
}

/// <summary>Shares files with the overlay, or shares them again under new names. Ends when the overlay can find them.</summary>
public sealed record ShareCommand(IReadOnlyList<SharedFile> Files) : ICommand<Done>;

/// <summary>Stops sharing, by content id. Ends when the overlay no longer finds them here.</summary>
public sealed record UnshareCommand(IReadOnlyList<SharedFile> Files) : ICommand<Done>;

/// <summary>Leaves the overlay gracefully. Afterwards the engine answers requests as a stranger and sends nothing.</summary>
public sealed record LeaveCommand : ICommand<Done>;

/// <summary>The result of a command that has none.</summary>
/// <param name="Ok">False when it could not be completed now; the engine goes on trying by itself.</param>
public sealed record Done(bool Ok)
{
    /// <summary>It was carried out.</summary>
    public static Done Yes { get; } = new(true);

    /// <summary>It is not carried out yet.</summary>
    public static Done NotYet { get; } = new(false);
}

/// <summary>What every status says.</summary>
public interface IEngineStatus
{
    /// <summary>What is missing until the node has joined and its files can be found; null when nothing is.</summary>
    string? Pending { get; }
}
