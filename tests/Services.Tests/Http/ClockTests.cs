using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using P2PCloud.ServiceDefaults;

namespace P2PCloud.Services.Tests.Http;

/// <summary>A service's clock that is wrong on purpose.</summary>
public sealed class ClockTests
{
    [Fact]
    public void Without_an_offset_a_service_has_the_machines_clock() => Assert.Same(TimeProvider.System, ClockOf(null));

    [Theory]
    [InlineData("00:05:00")]
    [InlineData("-00:05:00")]
    public void An_offset_is_added_to_the_machines_time(string offset)
    {
        var clock = ClockOf(offset);

        var before = TimeProvider.System.GetUtcNow();
        var now = clock.GetUtcNow();
        var after = TimeProvider.System.GetUtcNow();

        Assert.InRange(now - TimeSpan.Parse(offset, null), before, after);
    }

    [Fact]
    public void An_offset_above_an_hour_is_refused() =>
        Assert.Contains("Offset", Assert.Throws<OptionsValidationException>(() => ClockOf("01:00:01")).Message, StringComparison.Ordinal);

    private static TimeProvider ClockOf(string? offset)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration[$"{ClockOptions.Section}:{nameof(ClockOptions.Offset)}"] = offset;
        builder.AddServiceDefaults();
        return builder.Build().Services.GetRequiredService<TimeProvider>();
    }
}
