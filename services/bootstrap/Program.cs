using P2PCloud.Bootstrap;
using P2PCloud.ServiceDefaults;

return await ServiceProcess.RunAsync("bootstrap", args, BootstrapService.Add, BootstrapService.Map, Console.Error);
