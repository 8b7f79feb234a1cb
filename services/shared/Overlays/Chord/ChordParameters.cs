using P2PCloud.Contracts;

namespace P2PCloud.Overlays.Chord;

/// <summary>Sizes, times and bounds of a Chord node. The same on all nodes of a ring for bits, successors and replication.</summary>
public sealed record ChordParameters
{
    /// <summary>m: bits of an id, 3 to 128.</summary>
    public int Bits { get; init; } = 128;

    /// <summary>r: length of the successor list (ToN 2003, section IV-E-3).</summary>
    public int SuccessorListLength { get; init; } = 8;

    /// <summary>b: finger(j, i) = successor(n + j 2^m / b^i), 1 &lt;= j &lt; b; a power of two, 2 to 256. 2 is the paper's finger table.</summary>
    public int FingerBase { get; init; } = 64;

    /// <summary>Owners that lookups beginning here remember; 0: none.</summary>
    public int OwnerCacheSize { get; init; } = 64;

    /// <summary>Whether the successor list shortens paths, and not only leads round dead nodes (ToN 2003, section IV-E-3).</summary>
    public bool RoutesBySuccessors { get; init; } = true;

    /// <summary>Whether a key within the successor list is sent to its owner at once, past its predecessor; the owner checks it.</summary>
    public bool GuessesOwners { get; init; } = true;

    /// <summary>How lookups find their way.</summary>
    public Routing Routing { get; init; } = Routing.Fingers;

    /// <summary>k: peers that hold each posting, the owner's included; at most r.</summary>
    public int Replication { get; init; } = 3;

    /// <summary>How long a posting outlives the last word of its publisher, which refreshes it at a third of this time.</summary>
    public TimeSpan PostingLease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time between two stabilizations after a change; it doubles up to <see cref="StabilizeMax"/> while nothing changes. 20 % jitter.</summary>
    public TimeSpan StabilizeMin { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>Longest time between two stabilizations.</summary>
    public TimeSpan StabilizeMax { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>Jitter of the time between two stabilizations, as a share of it.</summary>
    public double StabilizeJitter { get; init; } = 0.2;

    /// <summary>Whether the node stabilizes at all; false only where an experiment freezes repair.</summary>
    public bool Repairs { get; init; } = true;

    /// <summary>
    /// Time between two checks that this node is where it belongs in the ring that other nodes see, so that rings that were
    /// cut apart become one again. 50 % jitter.
    /// </summary>
    public TimeSpan RingCheckInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Theta of event dissemination with full routing: time between two rounds. 20 % jitter.</summary>
    public TimeSpan EventInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between two comparisons of the table of members with another node's, with full routing. 20 % jitter.</summary>
    public TimeSpan TableCheckInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one call may take; after that the other node counts as dead.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a lookup may take in all.</summary>
    public TimeSpan LookupDeadline { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>After this time without an answer a lookup goes to the next candidate as well.</summary>
    public TimeSpan HedgeDelay { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long one try of a recursive lookup waits for its answer before the lookup is sent again.</summary>
    public TimeSpan LookupTry { get; init; } = TimeSpan.FromMilliseconds(2500);

    /// <summary>Hops, failed ones included, after which a lookup is dropped: more than m never happen on an ordered ring.</summary>
    public int HopLimit { get; init; } = 256;

    /// <summary>How long a node that did not answer is not asked again by lookups.</summary>
    public TimeSpan SuspicionTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long after an owner stopped answering a key that nobody holds is not called missing: the one that holds it may only hang.
    /// </summary>
    public TimeSpan DoubtTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Delay after a change of neighbours until owned postings are copied again, so that a burst of changes costs once.</summary>
    public TimeSpan RepairDelay { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Delay before a neighbour that was busy is asked again. 50 % jitter.</summary>
    public TimeSpan BusyDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Delay before a step that could not be made is tried again: join, publication, bringing a key home. 50 % jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Time between two comparisons of an owner with its replicas, besides those after changes of neighbours. 20 % jitter.</summary>
    public TimeSpan KeySyncInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a deletion is remembered: longer than any node may be cut off.</summary>
    public TimeSpan TombstoneTime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a leaving node tries to have its keys taken.</summary>
    public TimeSpan LeaveDeadline { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long of this nobody has to take any, and no successor to change, until the node gives up.</summary>
    public TimeSpan LeavePatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Records asked for in one message, each up to 64 KiB.</summary>
    public int PullSize { get; init; } = 16;

    /// <summary>Postings in one message.</summary>
    public int BatchSize { get; init; } = 500;

    /// <summary>
    /// Publication waits until the node's neighbours have not changed for this time, but not longer than <see cref="SettleMax"/> after it
    /// joined: what is published while a ring forms has to move again and again.
    /// </summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>See <see cref="SettleTime"/>.</summary>
    public TimeSpan SettleMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Lookups and stores of the publisher under way at a time.</summary>
    public int PublishWidth { get; init; } = 16;

    /// <summary>Postings kept under one key; further ones are refused.</summary>
    public int PostingsPerKeyMax { get; init; } = 20_000;

    /// <summary>Keys with postings at a node; postings under further ones are refused.</summary>
    public int PostingKeysMax { get; init; } = 500_000;

    /// <summary>A posting ends after this time at the latest unless it is refreshed, whatever its publisher asks for.</summary>
    public TimeSpan PostingLeaseMax { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The id of a node, <see cref="RingSpace.IdOf"/> unless a test builds a ring by hand.</summary>
    public Func<NodeRef, NodeId>? IdOf { get; init; }

    /// <summary>For the test of the simulator's checks only.</summary>
    internal PlantedDefects Defects { get; init; }
}

/// <summary>How lookups find their way; the same on all nodes of a ring.</summary>
public enum Routing
{
    /// <summary>By fingers of base b, the successor list and cached owners.</summary>
    Fingers,

    /// <summary>By a table of all members, kept up to date by event dissemination (Monnerat and Amorim, D1HT: EDRA).</summary>
    Full,
}
