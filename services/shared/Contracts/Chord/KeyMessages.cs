namespace P2PCloud.Contracts.Chord;

/// <summary>Writes or deletes a key at its owner.</summary>
/// <param name="Version">
/// Of what is written, by the clock of the node where the operation began. The same when the request is sent again, here or to another owner,
/// so that a request that is carried out late or twice changes nothing.
/// </param>
/// <param name="Key">As the user wrote it.</param>
/// <param name="Value">Null deletes.</param>
/// <param name="TtlMs">Milliseconds until the value ends, counted from the time of the version; null: never.</param>
/// <param name="IfVersion">The current version must be this one.</param>
/// <param name="IfAbsent">There must be no value.</param>
/// <param name="IfPresent">There must be a value.</param>
/// <param name="Quorum">Acknowledged when a majority of the copies hold it; else by the owner alone.</param>
public sealed record KeyWriteRequest(
    KeyVersion Version, string Key, byte[]? Value, long? TtlMs, KeyVersion? IfVersion, bool IfAbsent, bool IfPresent, bool Quorum)
    : IRequest<KeyReply>;

/// <summary>Reads a key at its owner.</summary>
/// <param name="Key">As the user wrote it.</param>
/// <param name="Quorum">Compared with a majority of the copies; else the owner's alone.</param>
public sealed record KeyReadRequest(string Key, bool Quorum) : IRequest<KeyReply>;

/// <summary>The owner's answer.</summary>
/// <param name="Status">See there.</param>
/// <param name="Record">Written, read, or current; null when there is none.</param>
/// <param name="Copies">Nodes that held the written record, or whose records were compared.</param>
public sealed record KeyReply(KeyStatus Status, KeyRecord? Record = null, int Copies = 0) : IMessage;

/// <summary>How an owner answers.</summary>
public enum KeyStatus
{
    /// <summary>Read or written; a record that is null or a tombstone means that there is no value.</summary>
    Ok,

    /// <summary>The condition did not hold.</summary>
    Conflict,

    /// <summary>Not the owner: look it up again.</summary>
    NotOwner,

    /// <summary>
    /// The key may still be on its way here; or, by quorum, so many peers have vanished that this one may be cut off from most of them. Ask
    /// again soon.
    /// </summary>
    Busy,

    /// <summary>Written here, but a majority of the copies was not reached; or, for a read, not compared.</summary>
    TooFew,

    /// <summary>Not written: the version is not later than the current one. Take a later one.</summary>
    Late,

    /// <summary>The owner's storage fails: written in its memory alone, and made durable if the storage comes back.</summary>
    NotStored,
}

/// <summary>Copies of records. The receiver keeps each unless it has a later one.</summary>
public sealed record KeyCopyRequest(IReadOnlyList<KeyRecord> Records) : IRequest<KeyCopyReply>;

/// <summary>Whether the copies are kept; a node that is leaving, or is not a member, keeps none.</summary>
public sealed record KeyCopyReply(bool Kept) : IMessage;

/// <summary>Asks for records by key: those that the asker knows to be later than its own, or wants to compare.</summary>
public sealed record KeyPullRequest(IReadOnlyList<string> Keys) : IRequest<KeyPullReply>;

/// <summary>The records held, tombstones included.</summary>
public sealed record KeyPullReply(IReadOnlyList<KeyRecord> Records) : IMessage;

/// <summary>Anti-entropy between an owner and a replica over (From, To].</summary>
/// <param name="From">Start of the range, not in it.</param>
/// <param name="To">End of the range.</param>
/// <param name="Digest">Exclusive or over the owner's records of a mix of id and version.</param>
public sealed record KeySyncRequest(NodeId From, NodeId To, NodeId Digest) : IRequest<KeySyncReply>;

/// <summary>What the replica holds in the range.</summary>
/// <param name="Status">See there.</param>
/// <param name="Stamps">With <see cref="KeySyncStatus.Differs"/>, all its records.</param>
public sealed record KeySyncReply(KeySyncStatus Status, IReadOnlyList<KeyStamp> Stamps) : IMessage;

/// <summary>Key and version of a record.</summary>
public sealed record KeyStamp(string Key, KeyVersion Version);

/// <summary>How two ranges of records compare.</summary>
public enum KeySyncStatus
{
    /// <summary>Equal.</summary>
    Same,

    /// <summary>Different; the stamps say where.</summary>
    Differs,

    /// <summary>Different, with too many records for one message: compare smaller ranges.</summary>
    Split,

    /// <summary>Not a member.</summary>
    NotMember,
}
