using P2PCloud.Gateway;
using P2PCloud.ServiceDefaults;

return await ServiceProcess.RunAsync("gateway", args, GatewayService.Add, GatewayService.Map, Console.Error);
