using System.Runtime.CompilerServices;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Tests;

/// <summary>A question with a number.</summary>
internal sealed record Question(int Number) : IRequest<Answer>;

/// <summary>The answer, with the number of the question.</summary>
internal sealed record Answer(int Number) : IMessage;

/// <summary>Has a <see cref="ScriptedEngine"/> do something.</summary>
internal sealed record Do(Action<ScriptedEngine> What) : ICommand<Done>;

/// <summary>An engine that does what the test says, and otherwise answers questions.</summary>
internal sealed class ScriptedEngine(string name) : Engine(new NodeRef(name), new SplitMix64(1))
{
    public Action<ScriptedEngine>? Starting { get; init; }

    public Action<ScriptedEngine, Input.Request>? Requested { get; init; }

    /// <summary>Numbers of the questions that came, each with the engine's time.</summary>
    public List<(DateTimeOffset Time, int Number)> Received { get; } = [];

    /// <summary>Request ids of the questions that came.</summary>
    public List<long> RequestIds { get; } = [];

    public DateTimeOffset Time => Now;

    public void Ask(string to, int number, TimeSpan timeout, Action<Answer?>? done = null) =>
        Call(new NodeRef(to), new Question(number), timeout, done ?? (_ => { }));

    public long Later(TimeSpan delay, Action action) => After(delay, action);

    public void Forget(long timerId) => Cancel(timerId);

    public void Reply(long requestId, int number) => Respond(requestId, new Answer(number));

    /// <summary>Returns an effect for which the base has no method.</summary>
    public void Emit(Effect effect) => EffectsOf(this).Add(effect);

    protected override void OnStart() => Starting?.Invoke(this);

    protected override void OnRequest(Input.Request request)
    {
        var number = ((Question)request.Body).Number;
        Received.Add((Now, number));
        RequestIds.Add(request.RequestId);
        if (Requested is null)
        {
            Reply(request.RequestId, number);
        }
        else
        {
            Requested(this, request);
        }
    }

    protected override void OnCommand(long commandId, ICommand command)
    {
        ((Do)command).What(this);
        Complete(commandId, (Do)command, Done.Yes);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_effects")]
    private static extern ref List<Effect> EffectsOf(Engine engine);
}
