using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace P2PCloud.ServiceDefaults;

/// <summary>Section <c>Clock</c>: a service's clock wrong on purpose, to see what a cloud makes of it.</summary>
public sealed class ClockOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Clock";

    /// <summary>Added to the machine's time of day; durations stay right. An hour at most, either way.</summary>
    [Range(typeof(TimeSpan), "-01:00:00", "01:00:00")]
    public TimeSpan Offset { get; set; }
}

/// <summary>Checks them when the service starts.</summary>
[OptionsValidator]
internal sealed partial class ClockOptionsValidator : IValidateOptions<ClockOptions>;

/// <summary>The machine's clock, some time ahead or behind.</summary>
internal sealed class OffsetClock(TimeSpan offset) : TimeProvider
{
    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
}
