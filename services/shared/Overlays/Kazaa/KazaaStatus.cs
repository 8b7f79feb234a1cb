using P2PCloud.Contracts;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Kazaa;

/// <summary>Asks an ordinary peer how it is.</summary>
public sealed record KazaaChildStatusCommand : ICommand<KazaaChildStatus>;

/// <summary>How an ordinary peer is.</summary>
/// <param name="Pending">What is missing until its leader has every file; null when nothing is.</param>
/// <param name="Leader">Its group leader; null while it has none.</param>
/// <param name="Epoch">Number of the attachment.</param>
/// <param name="KnownLeaders">Leaders that it remembers.</param>
/// <param name="Files">Files that it shares.</param>
public sealed record KazaaChildStatus(string? Pending, NodeRef? Leader, long Epoch, int KnownLeaders, int Files) : IEngineStatus;

/// <summary>Asks a group leader how it is.</summary>
public sealed record KazaaLeaderStatusCommand : ICommand<KazaaLeaderStatus>;

/// <summary>How a group leader is.</summary>
/// <param name="Pending">What is missing until it is among the leaders; null when nothing is.</param>
/// <param name="Children">App-ids of its children, in ordinal order.</param>
/// <param name="Links">Leaders it is linked with, ordered by name.</param>
/// <param name="Postings">Postings in its index.</param>
/// <param name="Dropped">Messages dropped because they broke a rule or had no way back.</param>
/// <param name="KnownLeaders">Rows of its refresh list.</param>
public sealed record KazaaLeaderStatus(
    string? Pending, IReadOnlyList<string> Children, IReadOnlyList<NodeRef> Links, int Postings, long Dropped, int KnownLeaders) : IEngineStatus;

/// <summary>Asks the leader's part of an ordinary peer how it is.</summary>
public sealed record KazaaCandidateStatusCommand : ICommand<KazaaCandidateStatus>;

/// <summary>How the leader's part of an ordinary peer is.</summary>
/// <param name="Standing">Whether it leads.</param>
/// <param name="Leader">How it is as a leader; null when it does not lead.</param>
public sealed record KazaaCandidateStatus(LeaderStanding Standing, KazaaLeaderStatus? Leader);
