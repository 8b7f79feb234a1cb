using P2PCloud.Contracts;

namespace P2PCloud.Overlays.Common;

/// <summary>What can happen to an engine. Inputs come one at a time, each with the current time.</summary>
public abstract record Input
{
    private Input()
    {
    }

    /// <summary>The first input: the node runs and can be called.</summary>
    public sealed record Start : Input;

    /// <summary>Another node asks.</summary>
    /// <param name="RequestId">Given back in <see cref="Effect.Respond"/>, exactly once.</param>
    /// <param name="From">The sender, as the transport knows it.</param>
    /// <param name="SentAt">By the sender's clock.</param>
    /// <param name="Body">The message.</param>
    public sealed record Request(long RequestId, NodeRef From, DateTimeOffset SentAt, IMessage Body) : Input;

    /// <summary>The reply to a <see cref="Effect.Send"/>.</summary>
    public sealed record Reply(long CallId, IMessage Body) : Input;

    /// <summary>A <see cref="Effect.Send"/> had no reply in time, or could not be delivered. The other node may have acted all the same.</summary>
    public sealed record Failed(long CallId) : Input;

    /// <summary>A timer armed by <see cref="Effect.Arm"/> is due.</summary>
    public sealed record Due(long TimerId) : Input;

    /// <summary>The service that hosts the engine wants something; answered by <see cref="Effect.Complete"/>, exactly once.</summary>
    public sealed record Command(long CommandId, ICommand Body) : Input;
}

/// <summary>Something that a service asks of its engine.</summary>
public interface ICommand;

/// <summary>A command and the type of its result.</summary>
public interface ICommand<TResult> : ICommand
    where TResult : class;
