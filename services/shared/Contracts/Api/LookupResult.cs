using System.Text.Json.Serialization;

namespace P2PCloud.Contracts.Api;

/// <summary>The answer to one lookup, over REST.</summary>
/// <param name="Technique"><c>napster</c>, <c>gnutella</c>, <c>kazaa</c> or <c>chord</c>.</param>
/// <param name="Query">As asked.</param>
/// <param name="From">App-id of the entry peer.</param>
/// <param name="Matches">By content, best known name first; at most the limit.</param>
/// <param name="Hops">In the order of a breadth-first walk; a flood is a tree through <c>parent</c>.</param>
/// <param name="Messages">All protocol messages of this lookup, replies included.</param>
/// <param name="ElapsedMs">At the entry peer, in milliseconds.</param>
/// <param name="TraceId">32 hexadecimal digits.</param>
/// <param name="Complete">False when part of the overlay did not answer before the deadline; then matches may be missing.</param>
public sealed record LookupResult(
    string Technique,
    string Query,
    string From,
    IReadOnlyList<LookupMatch> Matches,
    IReadOnlyList<LookupHop> Hops,
    int Messages,
    double ElapsedMs,
    string TraceId,
    bool Complete);

/// <summary>One content, and who provides it.</summary>
public sealed record LookupMatch(string ContentId, string Name, long Size, IReadOnlyList<LookupProvider> Providers);

/// <summary>A peer that shares the content.</summary>
public sealed record LookupProvider(string Peer);

/// <summary>One hop.</summary>
/// <param name="Index">Position in the list, from 0.</param>
/// <param name="Parent">Index of the hop before this one; null for a first hop.</param>
/// <param name="From">Sending node, <c>peer-3</c> or <c>peer-3#1</c>.</param>
/// <param name="To">Receiving node.</param>
/// <param name="Local">True between virtual nodes of one peer.</param>
/// <param name="ElapsedMs">Milliseconds: one way for a forwarded message, the round trip for a question with a reply.</param>
/// <param name="Outcome">Absent when answered; <c>unreachable</c> for a failed attempt.</param>
public sealed record LookupHop(
    int Index,
    int? Parent,
    string From,
    string To,
    bool Local,
    double ElapsedMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Outcome = null);
