namespace P2PCloud.Contracts.Api;

/// <summary>A page of shared files, ordered by content id.</summary>
/// <param name="Items">One item a content.</param>
/// <param name="Next">Value for <c>after</c> in the next call; null at the end.</param>
public sealed record FilePage(IReadOnlyList<LookupMatch> Items, string? Next);

/// <summary>Who provides a content, asked at any peer.</summary>
public sealed record ProvidersResult(IReadOnlyList<Posting> Postings);
