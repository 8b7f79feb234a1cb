using P2PCloud.Overlays.Chord;

namespace P2PCloud.Simulation.Chord;

/// <summary>What an operation on a key was to do.</summary>
public enum KeyAction
{
    /// <summary>Read the value.</summary>
    Get,

    /// <summary>Write a value.</summary>
    Put,

    /// <summary>Delete the value.</summary>
    Delete,
}

/// <summary>One operation on a key, as its caller saw it.</summary>
/// <param name="Number">Distinct; the value that a put writes.</param>
/// <param name="Key">The key.</param>
/// <param name="Action">What it was to do.</param>
/// <param name="Consistency">How many copies take part.</param>
/// <param name="Condition">Of a compare-and-set.</param>
/// <param name="Asker">The node that was asked.</param>
/// <param name="Start">Simulated time at which it was asked.</param>
public sealed record KeyOperation(
    long Number, string Key, KeyAction Action, Consistency Consistency, KeyCondition Condition, string Asker, TimeSpan Start)
{
    /// <summary>When it was answered; null: not, because the asker died or left.</summary>
    public TimeSpan? End { get; set; }

    /// <summary>The answer; null when there is none.</summary>
    public KeyResult? Result { get; set; }

    /// <summary>It was acknowledged: done as asked.</summary>
    public bool IsAcknowledged => Result?.Outcome is KeyOutcome.Ok;

    /// <summary>Whether it may have changed the key, now or later, without anybody knowing.</summary>
    public bool IsUncertain => Action is not KeyAction.Get && Result?.Outcome is null or KeyOutcome.Uncertain or KeyOutcome.NotStored;

    /// <summary>Number of the put whose value was read; null when there was no value.</summary>
    public long? Read => Result?.Value is { Length: sizeof(long) } value ? BitConverter.ToInt64(value) : null;

    /// <summary>The value that the put with this number writes.</summary>
    public byte[] Value => BitConverter.GetBytes(Number);

    /// <inheritdoc/>
    public override string ToString() => $"{Action} {Number} of {Key} by {Asker} at {Start:c}..{End:c} ({Result?.Outcome.ToString() ?? "no answer"}, {Result?.Version})";
}
