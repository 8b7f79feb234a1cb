using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Contracts.Napster;

namespace P2PCloud.Simulation.Searches;

/// <summary>Which messages the laws of protocols.md, section 9, count.</summary>
internal static class LookupMessages
{
    /// <summary>Whether a request belongs to a lookup; everything else is upkeep.</summary>
    public static bool Contains(IMessage request) => request switch
    {
        SearchRequest or QueryRequest or QueryHitRequest or WalkRequest or WalkCheckRequest => true,
        ChildSearchRequest or LeaderQueryRequest or LeaderHitRequest => true,
        LookupRequest or LookupAnswerRequest => true,
        NextHopRequest step => step.LookupId.Length > 0,
        FetchRequest fetch => fetch.LookupId.Length > 0,
        _ => false,
    };

    /// <summary>Whether the reply is a message of the protocol, and not only the acknowledgement of one.</summary>
    public static bool CountsReply(IMessage request) =>
        request is SearchRequest or ChildSearchRequest or NextHopRequest or FetchRequest or WalkCheckRequest;
}
