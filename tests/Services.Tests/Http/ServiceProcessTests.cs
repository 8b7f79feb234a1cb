using P2PCloud.Bootstrap;
using P2PCloud.ServiceDefaults;

namespace P2PCloud.Services.Tests.Http;

public sealed class ServiceProcessTests
{
    [Fact]
    public async Task Wrong_settings_end_a_service_with_one_line_that_names_them_all()
    {
        using var errors = new StringWriter();
        string[] args = ["--Bootstrap:SampleMax=0", "--Bootstrap:Lease=00:10:00", "--Redis:Configuration=127.0.0.1:1"];

        var code = await ServiceProcess.RunAsync("bootstrap", args, BootstrapService.Add, BootstrapService.Map, errors);

        Assert.Equal(ServiceProcess.WrongSettings, code);
        var line = Assert.Single(errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("bootstrap cannot start: ", line, StringComparison.Ordinal);
        Assert.Contains("Lease", line, StringComparison.Ordinal);
        Assert.Contains("SampleMax", line, StringComparison.Ordinal);
    }
}
