using P2PCloud.Overlays.Common;

namespace P2PCloud.Architecture.Tests;

public sealed class EngineTests
{
    [Fact]
    public void Engines_do_no_input_or_output() =>
        Rule.Holds(
            "Return an effect from the engine and let OverlayHosting carry it out, instead of these references of P2PCloud.Overlays:",
            EngineAssembly.Violations(typeof(Effect).Assembly.Location));

    [Fact]
    public void An_assembly_that_does_input_and_output_is_noticed()
    {
        var violations = EngineAssembly.Violations(typeof(HttpClient).Assembly.Location).ToList();

        Assert.Contains("assembly System.Net.Primitives", violations);
        Assert.Contains("type System.IO.Stream", violations);
        Assert.Contains("type System.Threading.Tasks.Task", violations);
    }
}
