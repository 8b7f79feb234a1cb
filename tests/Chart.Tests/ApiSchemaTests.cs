namespace P2PCloud.Chart.Tests;

/// <summary>What an API server would refuse beyond fields that a type does not have.</summary>
public sealed class ApiSchemaTests
{
    public static TheoryData<string> All => Sets.Names;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_document_keeps_to_the_schema_of_its_kind(string set) => Assert.Empty(await ApiSchemas.FaultsOfAsync(set));

    [Theory]
    [InlineData("  type: ClusterIP\n", "  type: ClusterIp\n", "/spec/type")]
    [InlineData("whenUnsatisfiable: ScheduleAnyway", "whenUnsatisfiable: Never", "/whenUnsatisfiable")]
    [InlineData("policyTypes: [Ingress]", "policyTypes: [Ingres]", "/spec/policyTypes/0")]
    [InlineData("port: 80,", "", "required property port")]
    [InlineData("type: PathPrefix", "type: Prefix", "/path/type")]
    [InlineData("apiVersion: apps/v1\nkind: Deployment", "apiVersion: apps/v1beta3\nkind: Deployment", "no such kind")]
    public async Task A_wrong_document_is_noticed(string right, string wrong, string named)
    {
        var rendered = Helm.Template("--set", "gateway.httpRoute.enabled=true,gateway.httpRoute.parentRefs[0].name=public").Output;
        Assert.Contains(right, rendered, StringComparison.Ordinal);

        var faults = await ApiSchemas.CheckAsync(rendered.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Contains(faults, fault => fault.Contains(named, StringComparison.Ordinal));
    }
}
