"""What lies in the demonstration's stores: warehouses, items, suppliers. All names are invented."""

from __future__ import annotations

# code, department, kind, simplified Chinese, English
WAREHOUSES = (
    ("YG-ZT", "business_management", "transit", "在途仓", "In transit"),
    ("YB1-WH", "field_one", "sound", "第一业务部·完好品库", "Field business one, sound stock"),
    ("BP-WH", "site_beipo", "sound", "北坡现场·完好品库", "Beipo site, sound stock"),
    ("BP-SH", "site_beipo", "damaged", "北坡现场·损坏品库", "Beipo site, damaged stock"),
    ("BP-GL", "site_beipo", "quarantine", "北坡现场·隔离区", "Beipo site, held apart"),
    ("YB1-SH", "field_one", "damaged", "第一业务部·损坏品库", "Field business one, damaged stock"),
    ("JB-WH", "site_jiangbin", "sound", "江滨现场·完好品库", "Jiangbin site, sound stock"),
    ("JB-SH", "site_jiangbin", "damaged", "江滨现场·损坏品库", "Jiangbin site, damaged stock"),
)

# code, name, specification, class, unit, repair class, price in yuan, English
ITEMS = (
    ("GJ-01042", "开口扳手", "24×27 mm 铬钒钢", "工具", "把", "", "38.00", "open-end wrench"),
    ("GJ-01108", "力矩扳手", "40–200 N·m", "工具", "把", "II类", "860.00", "torque wrench"),
    ("GJ-01120", "液压千斤顶", "20 t", "工具", "台", "II类", "1280.00", "hydraulic jack"),
    ("GJ-01201", "绝缘手套", "12 kV", "工具", "双", "I类", "96.00", "insulating gloves"),
    ("HC-20031", "防锈润滑剂", "500 mL", "耗材", "罐", "", "26.50", "rust-proof lubricant"),
    ("HC-20040", "齿轮油", "VG320 20 L", "耗材", "桶", "", "640.00", "gear oil"),
    ("HC-20077", "棉纱手套", "12 双/打", "耗材", "打", "", "18.90", "cotton gloves"),
    ("HC-20112", "密封胶", "310 mL", "耗材", "支", "", "32.00", "sealant"),
    ("HC-20120", "扎带", "4×200 mm 100 根", "耗材", "包", "", "9.80", "cable ties"),
    ("BJ-33002", "密封圈组", "O 型 50 件", "备品备件", "盒", "I类", "21.50", "O-ring set"),
    ("BJ-33015", "液压管接头", "M22×1.5", "备品备件", "只", "II类", "71.25", "hydraulic fitting"),
    ("BJ-33040", "变桨电机", "3.7 kW", "备品备件", "台", "II类", "8600.00", "pitch motor"),
    ("BJ-33044", "偏航制动片", "240 mm", "备品备件", "片", "I类", "315.00", "yaw brake pad"),
    ("BJ-33051", "风速仪", "0–60 m/s", "备品备件", "只", "II类", "1450.00", "anemometer"),
    ("BJ-33060", "熔断器", "NH00 125 A", "备品备件", "只", "I类", "42.00", "fuse"),
    ("BJ-33071", "接触器", "LC1D 80 A", "备品备件", "只", "II类", "530.00", "contactor"),
    ("CB-40003", "手动液压车", "2.5 t", "仓储搬运设备", "台", "II类", "1180.00", "pallet truck"),
    ("AQ-50001", "安全带", "双钩五点式", "安全设备", "条", "I类", "268.00", "safety harness"),
    ("AQ-50004", "灭火器", "4 kg 干粉", "安全设备", "具", "I类", "88.00", "fire extinguisher"),
    ("CC-60002", "中型货架", "2000×600×2000", "存储设备", "组", "", "720.00", "shelving"),
)
RESERVES = {
    "HC-20031": ("20", "80"),
    "HC-20077": ("30", "120"),
    "BJ-33015": ("10", "60"),
    "BJ-33060": ("12", "60"),
}

# code, name, contact person, telephone
SUPPLIERS = (
    ("GYS-001", "江北工具厂", "陆师傅", "0571-88001201"),
    ("GYS-002", "恒信液压件有限公司", "沈经理", "0571-88001202"),
    ("GYS-003", "东岭劳保用品商行", "柳女士", "0571-88001203"),
)

# warehouse, item, opening quantity, location
OPENING = (
    ("YB1-WH", "GJ-01042", "20", "01-A-01-01"),
    ("YB1-WH", "HC-20031", "60", "01-B-02-04"),
    ("YB1-WH", "HC-20040", "8", "01-C-01-01"),
    ("YB1-WH", "BJ-33040", "3", "01-D-01-02"),
    ("YB1-WH", "BJ-33071", "12", "01-D-02-05"),
    ("BP-WH", "GJ-01042", "6", "02-A-03-11"),
    ("BP-WH", "GJ-01108", "3", "02-A-03-14"),
    ("BP-WH", "GJ-01120", "2", "02-A-04-01"),
    ("BP-WH", "HC-20031", "24", "05-H-01-02"),
    ("BP-WH", "HC-20077", "40", "03-B-02-05"),
    ("BP-WH", "HC-20112", "30", "03-B-02-07"),
    ("BP-WH", "HC-20120", "50", "03-B-03-01"),
    ("BP-WH", "BJ-33002", "10", "04-C-01-02"),
    ("BP-WH", "BJ-33015", "18", "04-C-01-08"),
    ("BP-WH", "BJ-33044", "16", "04-C-02-03"),
    ("BP-WH", "BJ-33051", "2", "04-C-03-01"),
    ("BP-WH", "BJ-33060", "24", "04-C-03-06"),
    ("BP-WH", "AQ-50001", "8", "06-A-01-01"),
    ("BP-WH", "AQ-50004", "12", "06-A-02-01"),
    ("BP-WH", "CB-40003", "1", "01-Z-01-01"),
    ("BP-SH", "BJ-33015", "4", "S-01-01"),
    ("BP-SH", "BJ-33044", "2", "S-01-02"),
    ("JB-WH", "GJ-01042", "4", "A-01"),
    ("JB-WH", "HC-20031", "30", "B-02"),
    ("JB-WH", "HC-20077", "24", "B-03"),
    ("JB-WH", "BJ-33015", "10", "C-01"),
    ("JB-WH", "BJ-33060", "30", "C-04"),
    ("JB-WH", "BJ-33071", "6", "C-05"),
)

# What a site uses up: item, least, most a time.
DAILY = (
    ("HC-20031", 1, 2),
    ("HC-20077", 1, 3),
    ("HC-20112", 1, 2),
    ("HC-20120", 1, 4),
    ("BJ-33060", 1, 2),
)
