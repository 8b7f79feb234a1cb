using P2PCloud.Contracts.Chord;

namespace P2PCloud.Contracts.Api;

/// <summary>A value that was written, over REST.</summary>
/// <param name="Key">As given.</param>
/// <param name="Version">16 hexadecimal digits, a hyphen, the node where the write began and its incarnation; in quotes it is the ETag.</param>
/// <param name="Owner">Name of the node that owns the key, <c>peer-3#1</c>; null when it is not known.</param>
/// <param name="Copies">Nodes that held this version when it was acknowledged.</param>
/// <param name="Hops">Remote steps until the owner had answered.</param>
public sealed record KeyWritten(string Key, string Version, string? Owner, int Copies, int Hops);

/// <summary>How an operation on a key ended, from an entry peer to the gateway.</summary>
/// <param name="Outcome">One of <see cref="KeyOutcomes"/>.</param>
/// <param name="Version">Written, read, or after a conflict current; null when there is none.</param>
/// <param name="Value">What was read; null otherwise.</param>
/// <param name="Expiry">Unix time in milliseconds at which the value ends; null: never, or no value.</param>
/// <param name="Owner">Name of the node that owns the key; null when it is not known.</param>
/// <param name="Copies">Nodes that held the written version, or that were compared for a read.</param>
/// <param name="Hops">Remote steps until the owner had answered.</param>
public sealed record KeyAnswer(
    string Outcome, KeyVersion? Version = null, byte[]? Value = null, long? Expiry = null, string? Owner = null, int Copies = 0, int Hops = 0);

/// <summary>Words for how an operation on a key can end.</summary>
public static class KeyOutcomes
{
    /// <summary>Read, written or deleted.</summary>
    public const string Ok = "ok";

    /// <summary>Read, and there is no value.</summary>
    public const string NotFound = "notFound";

    /// <summary>The condition did not hold; nothing was written.</summary>
    public const string Conflict = "conflict";

    /// <summary>The owner or enough copies were not reached; nothing was written.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>The peer is leaving the cloud and has not taken the operation up: another one may.</summary>
    public const string Leaving = "leaving";

    /// <summary>It may have been written or not.</summary>
    public const string Uncertain = "uncertain";

    /// <summary>The owner's storage fails; it may be written later or not.</summary>
    public const string NotStored = "notStored";
}
