namespace P2PCloud.Contracts;

/// <summary>Anything that one node sends to another: a request or a reply. Messages are immutable.</summary>
public interface IMessage;

/// <summary>A message that is answered by a <typeparamref name="TReply"/>. It never names its sender: the transport does.</summary>
public interface IRequest<TReply> : IMessage
    where TReply : class, IMessage;

/// <summary>The reply that only says: received and acted upon.</summary>
public sealed record Ack : IMessage
{
    /// <summary>The one instance.</summary>
    public static Ack Instance { get; } = new();
}
