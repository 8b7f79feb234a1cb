using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Flooding;

/// <summary>A flooded query, whatever message carries it.</summary>
/// <param name="Guid">The same in every copy and in every hit.</param>
/// <param name="Ttl">Steps still allowed when the message was sent.</param>
/// <param name="Hops">Steps made before the message was sent.</param>
/// <param name="Query">At most <see cref="SearchTerms.QueryLengthMax"/> characters.</param>
/// <param name="Limit">How many hits a node may answer with.</param>
public sealed record FloodQuery(DescriptorId Guid, int Ttl, int Hops, string Query, int Limit);

/// <summary>A hit on its way back along the path of the query with the same GUID, whatever message carries it.</summary>
public sealed record FloodHit(DescriptorId Guid, int Ttl, int Hops, IReadOnlyList<Posting> Hits);

/// <summary>What a flood has brought when every branch of it has ended.</summary>
/// <param name="Outcome">Partial when a node was not reached.</param>
/// <param name="Postings">Hits of all nodes, the origin's own matches first, in the order of their arrival.</param>
/// <param name="Hops">First hops, each with its children.</param>
/// <param name="Messages">Queries, and hits once a step.</param>
public sealed record FloodResult(SearchOutcome Outcome, IReadOnlyList<Posting> Postings, IReadOnlyList<Hop> Hops, int Messages)
{
    /// <summary>Whether every node in a tree of hops was reached.</summary>
    public static bool IsWhole(Hop hop) => hop.Outcome is null && (hop.Children ?? []).All(IsWhole);
}

/// <summary>What a protocol lends to its floods: its messages, its links, its files.</summary>
public interface IFloodPort
{
    /// <summary>One of <see cref="Techniques"/>.</summary>
    string Technique { get; }

    /// <summary>Index of the hop that a query of zero hops makes: how far the flood's origin is from the entry peer.</summary>
    int FirstHopIndex { get; }

    /// <summary>Neighbours now, in a fixed order.</summary>
    IReadOnlyList<NodeRef> Links { get; }

    /// <summary>Nodes with a limit of queries of their own; all others share one.</summary>
    IReadOnlyList<NodeRef> Senders => Links;

    /// <summary>Whether this node passes on queries of others.</summary>
    bool Forwards => true;

    /// <summary>Nodes beside the neighbours that get a query whatever its TTL, and do not pass it on.</summary>
    IReadOnlyList<NodeRef> LastHop(string query) => [];

    /// <summary>The message that carries a query.</summary>
    IRequest<FloodReport> Message(FloodQuery query);

    /// <summary>The message that carries a hit.</summary>
    IRequest<Ack> Message(FloodHit hit);

    /// <summary>What this node has.</summary>
    IReadOnlyList<Posting> Match(string query, int limit);

    /// <summary>A neighbour did not answer. A link made since the call was sent is with the node's next life, and stays.</summary>
    /// <param name="node">That neighbour.</param>
    /// <param name="sentAt">When the call was sent.</param>
    void Unreachable(NodeRef node, DateTimeOffset sentAt);
}
