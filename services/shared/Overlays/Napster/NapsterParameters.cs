using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Napster;

/// <summary>How a peer deals with the directory.</summary>
public sealed record NapsterParameters
{
    /// <summary>Where the directory is.</summary>
    public required NodeRef Directory { get; init; }

    /// <summary>Grows with each start of the process, for example its start time in milliseconds; the first login uses it.</summary>
    public required long Incarnation { get; init; }

    /// <summary>
    /// How long a search may take: with the directory silent it fails after this time, so that the refusal is with the asker within a
    /// second.
    /// </summary>
    public TimeSpan SearchTimeout { get; init; } = TimeSpan.FromMilliseconds(900);

    /// <summary>How long any other call may take.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>First delay before a failed login is tried again; it doubles up to <see cref="RetryMax"/>; 50 % jitter.</summary>
    public TimeSpan RetryMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest delay before a failed login is tried again.</summary>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Upload of the shared files.</summary>
    public RemoteShareParameters Share { get; init; } = new();
}

/// <summary>Bounds of the directory.</summary>
public static class NapsterLimits
{
    /// <summary>Postings in the answer to a search (the original servers' cap, type 200).</summary>
    public const int SearchResultsMax = 100;

    /// <summary>Postings in one page of a list.</summary>
    public const int ListPageMax = 1000;

    /// <summary>Files of one peer.</summary>
    public const int FilesPerPeerMax = 100_000;
}
