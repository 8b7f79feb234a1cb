using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>How many copies take part before an operation on a key is answered.</summary>
public enum Consistency
{
    /// <summary>The owner alone: fast; what it acknowledges is lost if the owner dies before its copies are made.</summary>
    One,

    /// <summary>A majority of the k copies that a key has.</summary>
    Quorum,
}

/// <summary>Reads a key.</summary>
/// <param name="Key">1 to <see cref="KeyLimits.KeyBytesMax"/> bytes of UTF-8.</param>
/// <param name="Consistency">How many copies are compared.</param>
public sealed record GetKeyCommand(string Key, Consistency Consistency) : ICommand<KeyResult>;

/// <summary>Writes a key.</summary>
/// <param name="Key">1 to <see cref="KeyLimits.KeyBytesMax"/> bytes of UTF-8.</param>
/// <param name="Value">At most <see cref="KeyLimits.ValueBytesMax"/> bytes.</param>
/// <param name="Ttl">After this time the value is gone; null: never.</param>
/// <param name="Condition">When it may be written.</param>
/// <param name="Consistency">How many copies must hold it before it is acknowledged.</param>
public sealed record PutKeyCommand(string Key, byte[] Value, TimeSpan? Ttl, KeyCondition Condition, Consistency Consistency) : ICommand<KeyResult>;

/// <summary>Deletes a key; one that does not exist too, which leaves a tombstone against late copies.</summary>
public sealed record DeleteKeyCommand(string Key, KeyCondition Condition, Consistency Consistency) : ICommand<KeyResult>;

/// <summary>Compare-and-set, decided by the owner (RFC 9110, sections 13.1.1 and 13.1.2).</summary>
/// <param name="IfVersion">The current version must be this one (If-Match).</param>
/// <param name="IfAbsent">There must be no value (If-None-Match: *).</param>
/// <param name="IfPresent">There must be a value (If-Match: *).</param>
public sealed record KeyCondition(KeyVersion? IfVersion = null, bool IfAbsent = false, bool IfPresent = false)
{
    /// <summary>No condition.</summary>
    public static KeyCondition None { get; } = new();
}

/// <summary>How an operation on a key ended.</summary>
/// <param name="Outcome">See there.</param>
/// <param name="Version">Written, read, or, for <see cref="KeyOutcome.Conflict"/>, current; null when there is none.</param>
/// <param name="Value">What was read; null otherwise.</param>
/// <param name="Expiry">Unix time in milliseconds at which the value ends; null: never, or no value.</param>
/// <param name="Owner">Name of the node that owns the key; null when it was not found.</param>
/// <param name="Copies">Nodes that held the written version, or that were compared for a read.</param>
/// <param name="Hops">Remote steps until the owner had answered.</param>
public sealed record KeyResult(
    KeyOutcome Outcome, KeyVersion? Version = null, byte[]? Value = null, long? Expiry = null, string? Owner = null, int Copies = 0, int Hops = 0);

/// <summary>How an operation on a key can end.</summary>
public enum KeyOutcome
{
    /// <summary>Read, written or deleted.</summary>
    Ok,

    /// <summary>Read, and there is no value.</summary>
    NotFound,

    /// <summary>The condition did not hold; nothing was written.</summary>
    Conflict,

    /// <summary>The owner or enough copies were not reached before the deadline; nothing was written.</summary>
    Unavailable,

    /// <summary>A write was sent, and no answer came or too few copies hold it: it may be there or not. Reading tells.</summary>
    Uncertain,

    /// <summary>The owner cannot store it, as when its disk is full: it holds what was written in memory, and stores it if it can later.</summary>
    NotStored,
}

/// <summary>Bounds of keys and values.</summary>
public static class KeyLimits
{
    /// <summary>Bytes of a key in UTF-8.</summary>
    public const int KeyBytesMax = 1024;

    /// <summary>Bytes of a value.</summary>
    public const int ValueBytesMax = 64 * 1024;
}
